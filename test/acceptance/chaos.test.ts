import t from 'tap'
import { left, playInTrouble } from '../support/bot/play-in-trouble.ts'
import { allTroubles } from '../support/bot/troubles.ts'

t.test(
  'a run ends as in peace where GitHub, its webhook, the hub and the registry are all in trouble',
  async t => {
    t.strictSame(await playInTrouble(t, { troubles: allTroubles, hasPoorWebhook: true }), left)
  },
)
