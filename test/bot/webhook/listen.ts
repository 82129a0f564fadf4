import { createServer } from 'node:http'
import t from 'tap'
import { listen } from '../../../src/bot/webhook/listen.ts'

t.test('a server is bound to what is asked for, or says why not', async t => {
  const [first, second, third] = [createServer(), createServer(), createServer()]
  const address = await listen(first, { host: '127.0.0.1', port: 0 })
  t.teardown(() => first.close())
  t.match(address, /^127\.0\.0\.1:[1-9]\d*$/)
  const port = Number(address.split(':')[1])
  await t.rejects(listen(second, { host: '127.0.0.1', port }), {
    ...{ name: 'InputError', code: 'PORT_IN_USE', fix: /--listen/ },
    message: `listening on 127.0.0.1:${port}: the port is in use`,
  })
  await t.rejects(listen(third, { host: '192.0.2.1', port: 0 }), {
    ...{ code: 'PORT_IN_USE', message: /it cannot be had \(EADDRNOTAVAIL\)$/ },
  })
})
