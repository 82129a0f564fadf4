import type { Seen } from '../../seen.ts'
import { pushNote, pushProblem, type PushAnswer } from '../../seedgen/push-problem.ts'
import type { Check } from '../check.ts'
import { answer, unanswered } from '../judge.ts'

/** The registry lets an upload begin: the Lifecycle Agent would find out only after the cluster is down. */
export const checkPush = (mayPush: Seen<PushAnswer>, isBrought = false): Check => {
  const id = 'registry.push'
  if (isBrought) return afterMerge(id)
  if (mayPush.seen === 'unknown') return unanswered(id, 'block', mayPush.why)
  const said = mayPush.seen === 'present' && mayPush.value
  const problem = pushProblem(said)
  return problem === null
    ? answer(id, 'block', {
        ok: true,
        reason: `the registry let an upload begin${pushNote(said)}`,
        fix: '',
      })
    : answer(id, 'block', { ok: false, ...problem })
}

/** Checks whether the tag is taken: then the run replaces it. */
export const checkTag = (tag: Seen<string>, isBrought = false): Check => {
  const id = 'registry.tag-free'
  if (isBrought) return afterMerge(id)
  if (tag.seen === 'unknown') return unanswered(id, 'block', tag.why)
  return tag.seen === 'absent'
    ? { id, level: 'warn', status: 'pass', reason: 'the tag is free', fix: '' }
    : {
        id,
        level: 'warn',
        status: 'fail',
        reason: `the tag points to ${tag.value} and will be replaced`,
        fix: 'choose another tag if that image is still needed',
      }
}

/** The pull request brings the credential sealed: nobody can ask with it before the hub has opened it. */
const afterMerge = (id: string): Check => ({
  ...{ id, level: 'warn', status: 'not-asked' },
  reason: 'not asked yet: the credential comes sealed with this pull request',
  fix: 'nothing: `sower request --authfile` has asked the registry, and it is asked again before anything is delivered',
})
