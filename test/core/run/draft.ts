import { present } from '../../../src/core/seen.ts'
import { rules } from '../../support/run/run-rules.ts'
import { at, blockedBy } from '../../support/run/run-scene.ts'

const draft = {
  detach: present({
    status: 'refused',
    code: 'PULL_REQUEST_DRAFT',
    reason: 'r',
    fix: 'f',
  } as const),
}
const blocked = blockedBy('PULL_REQUEST_DRAFT')
const requested = rules('Requested')
requested('waits for a draft for two weeks', draft, 'PULL_REQUEST_DRAFT', { now: 14 * 86_400 })
requested('ends with a draft after that', draft, 'Failed', { now: 14 * 86_400 + 1 })
requested('takes its day from when it is no draft', {}, 'Requested', {
  ...{ run: { blocked }, now: 2 * 86_400 },
  then: { since: at(2 * 86_400), facts: { times: { Requested: at(0) } } },
})
