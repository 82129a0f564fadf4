import t from 'tap'
import { attackBot } from '../../support/bot/attack-bot.ts'

t.test('whoever reaches the webhook neither stops the bot nor keeps others out', async t => {
  await attackBot(t, 1)
})
