// The clients know no other addresses than https://<organization>.<domain> and
// https://auth.<domain>. Loaded before them, this takes the place of DNS and TLS.

const fetchAnywhere = globalThis.fetch

globalThis.fetch = (resource, options) => {
  const { hostname, pathname, search } = new URL(resource)
  if (!hostname.endsWith('.localhost')) return fetchAnywhere(resource, options)
  return fetchAnywhere(new URL(pathname + search, process.env.IMPORTS_URL), options)
}
