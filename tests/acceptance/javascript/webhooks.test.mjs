// Webhooks, events and callbacks, as a program asks @commercelayer/sdk for them.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { authenticate } from '@commercelayer/js-auth'
import { CommerceLayer } from '@commercelayer/sdk/bundle'

let cl

before(async () => {
  const { accessToken } = await authenticate('client_credentials', {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
    domain: 'localhost',
  })
  cl = CommerceLayer({ accessToken })
})

const callback_url = process.env.RECEIVER_URL
const hook = (topic, attributes = {}) => cl.webhooks.create({ topic, callback_url, ...attributes })

const imported = () =>
  cl.imports.create({ resource_type: 'skus', inputs: [{ code: randomUUID(), name: 'SKU' }] })

const answered = async (webhook, count = 1) => {
  for (;;) {
    const found = await cl.event_callbacks.list({
      filters: { webhook_id_eq: webhook.id },
      sort: ['-created_at'],
    })
    if (found.filter((each) => each.response_code).length >= count) return found
    await sleep(50)
  }
}

test('a webhook is made, read, changed and deleted', async () => {
  const webhook = await hook('imports.create', { name: 'mine', include_resources: ['events'] })
  assert.equal(webhook.type, 'webhooks')
  assert.match(webhook.shared_secret, /^[0-9a-f]{32}$/)
  assert.equal(webhook.circuit_state, 'closed')

  assert.deepEqual(await cl.webhooks.retrieve(webhook.id), webhook)
  const listed = await cl.webhooks.list({ filters: { topic_eq: 'imports.create' } })
  assert.ok(listed.map(({ id }) => id).includes(webhook.id))
  const renamed = await cl.webhooks.update({ id: webhook.id, name: 'yours' })
  assert.equal(renamed.name, 'yours')
  assert.ok((await cl.webhooks._disable(webhook.id)).disabled_at)
  assert.equal((await cl.webhooks._enable(webhook.id)).disabled_at, null)
  assert.equal((await cl.webhooks._reset_circuit(webhook.id)).circuit_failure_count, 0)

  await cl.webhooks.delete(webhook.id)
  const gone = await cl.webhooks.retrieve(webhook.id).catch((error) => error)
  assert.equal(gone.status, 404)
})

test('a callback is sent, shown, and sent again', async () => {
  const webhook = await hook('imports.complete')
  const { id } = await imported()

  const [callback] = await answered(webhook)

  assert.equal(callback.response_code, '200')
  assert.equal(callback.response_message, 'thanks')
  assert.equal(callback.payload.data.id, id)
  assert.equal(callback.payload.data.attributes.status, 'completed')
  assert.equal((await cl.event_callbacks.webhook(callback.id)).id, webhook.id)
  assert.equal((await cl.event_callbacks.retrieve(callback.id)).id, callback.id)
  const [last] = await cl.webhooks.last_event_callbacks(webhook.id)
  assert.equal(last.id, callback.id)
  const whole = await cl.webhooks.retrieve(webhook.id, { include: ['last_event_callbacks'] })
  assert.equal(whole.last_event_callbacks[0].id, callback.id)

  const [event] = await cl.imports.events(id, { filters: { name_eq: 'imports.complete' } })
  assert.equal((await cl.events.retrieve(event.id)).name, 'imports.complete')
  assert.ok((await cl.events.webhooks(event.id)).map((each) => each.id).includes(webhook.id))
  assert.equal((await cl.events.last_event_callbacks(event.id)).length, 1)
  await cl.events._trigger(event.id)
  assert.equal((await answered(webhook, 2)).length, 2)
  await cl.webhooks.delete(webhook.id)
})

test('an import comes with its events', async () => {
  const { id } = await imported()

  const found = await cl.imports.retrieve(id, { include: ['events'] })

  assert.equal(found.events[0].name, 'imports.create')
})

test('a URL that may not be called is refused', async () => {
  const error = await cl.webhooks
    .create({ topic: 'imports.create', callback_url: 'http://169.254.169.254/' })
    .catch((reason) => reason)

  assert.equal(error.status, 422)
  assert.match(error.first().title, /public address/)
})
