import t from 'tap'
import { createAlarm } from '../../src/bot/create-alarm.ts'

t.test('an alarm ends a sleep, and one that rang before ends the next', async t => {
  const alarm = createAlarm()
  alarm.ring()
  await alarm.sleep(3_600_000)
  const asleep = alarm.sleep(3_600_000)
  alarm.ring()
  await asleep
  // It rang while it slept, so the next sleep is whole.
  let isAwake = false
  const again = alarm.sleep(3_600_000).then(() => (isAwake = true))
  await new Promise(resolve => setImmediate(resolve))
  t.equal(isAwake, false)
  alarm.ring()
  await again
})
