import t from 'tap'
import { left, playInTrouble } from '../support/bot/play-in-trouble.ts'
import { troubles } from '../support/bot/troubles.ts'

for (const [what, trouble] of Object.entries(troubles))
  t.test(`a run ends as in peace where ${what}`, async t => {
    const played = { troubles: [trouble], hasPoorWebhook: false }
    t.strictSame(await playInTrouble(t, played), left)
  })

t.test('a run ends as in peace where webhooks are lost, late and doubled', async t => {
  t.strictSame(await playInTrouble(t, { troubles: [], hasPoorWebhook: true }), left)
})
