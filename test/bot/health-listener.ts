import { createServer } from 'node:http'
import t from 'tap'
import { healthListener } from '../../src/bot/health-listener.ts'
import { listen } from '../../src/bot/webhook/listen.ts'

t.test('the kubelet hears whether the bot lives, and what it waits for', async t => {
  const state = { silent: 0, missing: ['another bot acts'] }
  const server = createServer(
    healthListener({ silentFor: () => state.silent, missing: () => state.missing }),
  )
  const address = await listen(server, { host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://${address}${path}`, { method })
    return [answer.status, await answer.text()]
  }
  t.strictSame(await ask('/healthz'), [200, 'ok\n'])
  t.strictSame(await ask('/readyz'), [503, 'another bot acts\n'])
  state.missing = []
  t.strictSame(await ask('/readyz'), [200, 'ok\n'])
  state.silent = 21 * 60_000
  t.strictSame(await ask('/healthz'), [500, 'the loop is stuck\n'])
  t.strictSame(await ask('/'), [404, 'not found\n'])
  t.strictSame(await ask('/healthz', 'POST'), [405, 'refused\n'])
})
