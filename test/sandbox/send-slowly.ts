import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { sendSlowly } from '../../src/sandbox/send-slowly.ts'

t.test('an answer comes in two parts', async t => {
  const server = createServer((_, response) => void sendSlowly(response, Buffer.from('halves')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const parts: string[] = []
  for await (const part of answer.body ?? []) parts.push(Buffer.from(part as Uint8Array).toString())
  t.strictSame(parts, ['hal', 'ves'])
})
