import t from 'tap'
import { isSeedLabel, seedLabel } from '../../../src/core/command/seed-label.ts'
import { parseCommands } from '../../../src/core/command/parse-commands.ts'
import { nearestVerb } from '../../../src/core/command/nearest-verb.ts'
import { verbs, isVerb, rowOf } from '../../../src/core/command/verbs.ts'

t.test('each verb of the help is read as it is written there', t => {
  for (const [verb, { usage, example }] of Object.entries(verbs)) {
    t.match(parseCommands(usage.replace('[', '').replace(']', '')), [{ verb }])
    t.match(parseCommands(example), [{ verb }])
  }
  t.ok(isVerb('detach') && !isVerb('toString') && !isVerb('unknown'))
  t.equal(rowOf('detach').needs, 'detach')
  t.end()
})

t.test('a slip of the hand leads to one verb or to none', t => {
  const slips = {
    ...{ detahc: 'detach', detch: 'detach', deatch: 'detach', dettach: 'detach', hlep: 'help' },
    ...{ statuss: 'status', sttaus: 'status', retyr: 'retry', abrot: 'abort', hlp: 'help' },
  }
  for (const [word, verb] of Object.entries(slips)) t.equal(nearestVerb(word), verb, word)
  for (const word of ['', 'x', 'delete', 'constructor', 'a'.repeat(1e6)])
    t.equal(nearestVerb(word), undefined, word.slice(0, 12))
  t.end()
})

t.test('the label that asks for a run is one in any case', t => {
  t.ok(isSeedLabel(seedLabel))
  t.ok(isSeedLabel('Seed'))
  for (const other of ['seeds', ' seed', 'bug', '']) t.notOk(isSeedLabel(other), other)
  t.end()
})
