import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { unanswered } from '../judge.ts'

/** The registry lets an upload begin: the Lifecycle Agent would find out only after the cluster is down. */
export const checkPush = (mayPush: Seen<boolean>, isBrought = false): Check => {
  const id = 'registry.push'
  if (isBrought) return afterMerge(id)
  if (mayPush.seen === 'unknown') return unanswered(id, 'block', mayPush.why)
  const isAllowed = mayPush.seen === 'present' && mayPush.value
  return {
    id,
    level: 'block',
    status: isAllowed ? 'pass' : 'fail',
    reason: isAllowed ? 'the registry let an upload begin' : 'the registry refuses an upload',
    fix: isAllowed ? '' : 'seal a credential with push rights to that repository',
  }
}

/** Whether the tag is taken: then the run replaces it. */
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
