// The requests of @commercelayer/sdk, as a program makes them that was written for its API.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { authenticate, makeIntegration } from '@commercelayer/js-auth'
import { CommerceLayer } from '@commercelayer/sdk/bundle'

const credentials = {
  clientId: process.env.CLIENT_ID,
  clientSecret: process.env.CLIENT_SECRET,
  domain: 'localhost',
}
const run = randomUUID().slice(0, 8)
const COUNTS = ['processed_count', 'errors_count', 'warnings_count', 'destroyed_count']
let accessToken
let cl

before(async () => {
  accessToken = (await authenticate('client_credentials', credentials)).accessToken
  cl = CommerceLayer({ accessToken })
})

const rows = (count) => {
  const prefix = randomUUID().slice(0, 8)
  return Array.from({ length: count }, (_, n) => ({ code: `${prefix}-${n}`, name: `SKU ${n}` }))
}

const create = (inputs, attributes = {}, params = {}) =>
  cl.imports.create({ resource_type: 'skus', inputs, ...attributes }, params)

const finished = async (id) => {
  for (;;) {
    const found = await cl.imports.retrieve(id)
    if (['completed', 'interrupted'].includes(found.status)) return found
    await sleep(50)
  }
}

const counts = (found) => COUNTS.map((name) => found[name])

const refusal = async (promise, status) => {
  const error = await promise.then(
    () => assert.fail(`no ${status}`),
    (reason) => reason,
  )
  assert.ok(cl.isApiError(error), error)
  assert.equal(error.status, status)
  for (const each of error.errors) {
    assert.equal(each.status, String(status))
    assert.ok(each.title && each.detail && each.code)
  }
  return error
}

test('js-auth gets a token, and reads what it says', async () => {
  const token = await authenticate('client_credentials', credentials)

  assert.equal(token.tokenType, 'bearer')
  assert.equal(token.scope, 'imports:read imports:write')
  assert.ok(token.expires > new Date())
  assert.equal(token.errors, undefined)
})

test('js-auth signs an integration in that asks for no scope', async () => {
  const stored = new Map()
  const storage = {
    getItem: async (key) => stored.get(key) ?? null,
    setItem: async (key, value) => void stored.set(key, value),
    removeItem: async (key) => void stored.delete(key),
  }

  const authorization = await makeIntegration(credentials, { storage }).getAuthorization()

  assert.equal(authorization.ownerType, 'guest')
  assert.ok(Math.abs(authorization.createdAt - Date.now() / 1000) < 60)
})

test('js-auth shows why a secret was refused', async () => {
  const wrong = { ...credentials, clientSecret: 'wrong' }
  const { errors } = await authenticate('client_credentials', wrong)

  assert.deepEqual(errors.map(({ code, status }) => [code, status]), [['UNAUTHORIZED', '401']])
})

test('the application is the one of the token', async () => {
  const application = await cl.application.retrieve()

  assert.equal(application.type, 'applications')
  assert.equal(application.id, credentials.clientId)
  assert.equal(application.kind, 'integration')
})

test('the organization is the one of the token', async () => {
  const organization = await cl.organization.retrieve()

  assert.equal(organization.type, 'organizations')
  assert.equal(organization.slug, cl.currentOrganization)
})

test('an import is created, completes and has made its records', async () => {
  const inputs = rows(3)
  const created = await create(inputs, {
    reference: run,
    metadata: { run },
    parent_resource_id: null,
    cleanup_records: false,
  })

  assert.ok(cl.imports.isImport(created))
  assert.deepEqual([created.status, created.inputs_size], ['pending', 3])
  assert.deepEqual(created.inputs, inputs)
  const found = await finished(created.id)
  assert.equal(found.status, 'completed')
  assert.deepEqual(counts(found), [3, 0, 0, 0])
  assert.ok(found.started_at <= found.completed_at)
  const codes = inputs.map(({ code }) => code)
  const skus = await cl.skus.list({ filters: { code_in: codes.join(',') }, sort: ['code'] })
  assert.deepEqual([...skus].map(({ code, name }) => ({ code, name })), inputs)
  assert.equal((await cl.skus.retrieve(skus.first())).code, codes[0])
})

test('an import of CSV is one of rows', async () => {
  const [{ code }] = rows(1)
  const created = await create(`code,name\n${code},"Mug, blue"\n`, { format: 'csv' })

  assert.deepEqual(created.inputs, [{ code, name: 'Mug, blue' }])
  assert.deepEqual(counts(await finished(created.id)), [1, 0, 0, 0])
})

test('rows that the client takes for a relationship are imported', async () => {
  const [row] = rows(1)
  await finished((await create([row])).id)
  const sku = (await cl.skus.list({ filters: { code_eq: row.code } })).first()

  const created = await create([{ type: sku.type, id: sku.id, name: 'Renamed' }])

  assert.deepEqual(created.inputs, [{ id: sku.id, name: 'Renamed' }])
  assert.deepEqual(counts(await finished(created.id)), [1, 0, 0, 0])
  assert.equal((await cl.skus.retrieve(sku.id)).name, 'Renamed')
})

test('rows that fail are in the log', async () => {
  const inputs = rows(3).map((row, n) => (n === 1 ? { code: row.code } : row))

  const found = await finished((await create(inputs, { skip_errors: true })).id)

  assert.equal(found.status, 'completed')
  assert.deepEqual(counts(found), [2, 1, 0, 0])
  assert.deepEqual(found.errors_log, { [inputs[1].code]: { name: ["can't be blank"] } })
})

test('a list is filtered, sorted, cut into pages, and no wider than asked', async () => {
  const group = randomUUID()
  for (const [n, size] of [3, 1, 2].entries()) {
    await finished((await create(rows(size), { reference: `${group}-${n}` })).id)
  }
  const filters = { reference_start: group, status_eq: 'completed', inputs_size_lteq: 3 }
  const params = { filters, sort: { inputs_size: 'desc' }, fields: ['reference'], pageSize: 2 }

  const first = await cl.imports.list(params)
  const second = await cl.imports.list({ ...params, pageNumber: 2 })

  const references = [...first, ...second].map(({ reference }) => reference)
  assert.deepEqual(references, [0, 2, 1].map((n) => `${group}-${n}`))
  assert.deepEqual(Object.keys(first[0]), ['id', 'type', 'reference'])
  assert.deepEqual([first.recordCount, first.pageCount], [3, 2])
  assert.deepEqual([first.hasNextPage(), second.hasNextPage()], [true, false])
  const past = await cl.imports.list({ ...params, pageNumber: 3 })
  assert.deepEqual([past.length, past.recordCount], [0, 3])
})

test('filters of every kind of value count what they should', async () => {
  const reference = randomUUID()
  await finished((await create(rows(1), { reference, metadata: { deep: [{ a: 1 }] } })).id)
  const since = new Date(Date.now() - 3_600_000).toISOString()
  const matching = [
    { metadata_jcont: { deep: [{ a: 1 }] } },
    { reference_cont_any: [reference.slice(0, 8), 'other'] },
    { status_in: 'completed,interrupted' },
    { reference_or_reference_origin_eq: reference },
    { created_at_gt: since, interrupted_at_null: true, completed_at_present: true },
    { cleanup_records_false: true },
  ]
  const others = [{ metadata_jcont: { deep: [{ a: 2 }] } }, { status_not_eq: 'completed' }]

  for (const [expected, filters] of [[1, matching], [0, others]]) {
    for (const filter of filters) {
      const counted = await cl.imports.count({ reference_eq: reference, ...filter })
      assert.equal(counted, expected, JSON.stringify(filter))
    }
  }
})

test('sparse fields are for creating, retrieving and updating too', async () => {
  const fields = { imports: ['status', 'inputs_size'] }
  const names = ['id', 'inputs_size', 'status', 'type']
  const created = await create(rows(1), {}, { fields })
  const retrieved = await cl.imports.retrieve(created.id, { fields })
  const updated = await cl.imports.update({ id: created.id, reference: run }, { fields })

  for (const each of [created, retrieved, updated]) {
    assert.deepEqual(Object.keys(each).sort(), names)
  }
})

test('an import is updated', async () => {
  const { id } = await create(rows(1), { metadata: { before: true } })

  await cl.imports.update({ id, reference: 'r', reference_origin: 'o', metadata: { after: true } })

  const found = await cl.imports.retrieve(id)
  assert.deepEqual([found.reference, found.reference_origin], ['r', 'o'])
  assert.deepEqual(found.metadata, { after: true })
})

test('a running import can be interrupted, and only then be deleted', async () => {
  const inputs = Array.from({ length: 100_000 }, (_, n) => ({ name: `${run}-${n}` }))
  const created = await create(inputs, { resource_type: 'tags' }, { fields: ['status'] })
  const status = async () => (await cl.imports.retrieve(created, { fields: ['status'] })).status
  while ((await status()) === 'pending') await sleep(10)

  await refusal(cl.imports.delete(created.id), 423)
  await cl.imports._interrupt(created.id, { fields: ['status'] })

  const found = await finished(created.id)
  assert.equal(found.status, 'interrupted')
  assert.ok(found.interrupted_at && found.completed_at === null)
  assert.ok(found.processed_count < inputs.length)
  await cl.imports.delete(created.id)
  await refusal(cl.imports.retrieve(created.id), 404)
})

test('what is wrong with an import is said by attribute', async () => {
  const error = await refusal(cl.imports.create({ resource_type: 'nothing', inputs: [] }), 422)

  const told = error.errors.map(({ code, source, meta }) => [code, source.pointer, meta.error])
  assert.deepEqual(told.sort(), [
    ['VALIDATION_ERROR', '/data/attributes/inputs', 'blank'],
    ['VALIDATION_ERROR', '/data/attributes/resource_type', 'inclusion'],
  ])
})

test('other refusals are API errors too', async () => {
  const codes = async (promise, status) => (await refusal(promise, status)).first().code

  const filters = { nothing_eq: 1 }
  assert.equal(await codes(cl.imports.list({ filters }), 400), 'MALFORMED_REQUEST')
  assert.equal(await codes(cl.imports.list({ pageSize: 101 }), 400), 'MALFORMED_REQUEST')
  assert.equal(await codes(cl.imports.retrieve('nothing'), 404), 'RECORD_NOT_FOUND')
  assert.equal(await codes(cl.imports.events('nothing'), 404), 'RECORD_NOT_FOUND')
  assert.equal(await codes(cl.skus.create({ code: 'a', name: 'b' }), 405), 'METHOD_NOT_ALLOWED')
  const cleanup = create(rows(1), { cleanup_records: true })
  assert.equal(await codes(cleanup, 403), 'FORBIDDEN')
  const unknown = cl.imports.list({}, { accessToken: 'unknown' })
  assert.equal(await codes(unknown, 401), 'INVALID_TOKEN')
})

test('a token that has expired is changed for a new one on the way', async () => {
  const [header, payload, signature] = accessToken.split('.')
  const claims = JSON.parse(atob(payload))
  const expired = [header, btoa(JSON.stringify({ ...claims, exp: 1 })), signature].join('.')
  const refreshToken = async () => accessToken
  const client = CommerceLayer({ accessToken: expired, refreshToken })

  assert.equal((await client.application.retrieve()).id, credentials.clientId)
  assert.equal(client.currentAccessToken, accessToken)
})
