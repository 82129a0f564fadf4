import t from 'tap'
import { raceForVersions } from '../support/race-for-versions.ts'

t.test('four processes race for 2000 versions of one run', async t => {
  const won = await raceForVersions(t, { processes: 4, rounds: 2000 })
  t.comment(
    `played ${won.length} rounds: ${won.filter(count => count === 1).length} with one winner, ` +
      `${won.filter(count => count > 1).length} with several, ${won.filter(count => count === 0).length} with none`,
  )
  t.ok(
    won.every(count => count === 1),
    'each version has one winner',
  )
})
