import t from 'tap'
import { attackBot } from '../support/bot/attack-bot.ts'

t.test('the webhook is attacked four times as much', async t => {
  await attackBot(t, 4)
})
