import t from 'tap'
import { storm, troubles } from '../support/bot/troubles.ts'
import { wholeRun, wholeRunLeft } from '../support/bot/whole-run.ts'

const only = new RegExp(process.env['SOWER_CHAOS'] ?? '')
for (const [what, begin] of Object.entries({
  ...troubles,
  'all of it happens at once, to two bots': storm,
}).filter(([what]) => only.test(what)))
  t.test(`a run of the built bot ends as in peace where ${what}`, async t => {
    const trouble = begin()
    const { left, retries } = await wholeRun(t, trouble)
    t.strictSame(left, wholeRunLeft)
    const happened = trouble.happened()
    t.comment(`played: ${JSON.stringify(happened)}; a person said /seed retry ${retries} times`)
    t.not(Object.keys(happened).length, 0)
    for (const [each, times] of Object.entries(happened)) t.ok(times > 0, each)
  })
