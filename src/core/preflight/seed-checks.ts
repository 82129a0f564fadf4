import type { Seen } from '../seen.ts'
import type { Check } from './check.ts'
import { unanswered } from './hub-checks.ts'

/** No SeedGenerator is on the seed yet: there can be one, and its spec never changes (types.go:30-38). */
export const checkNoSeedGenerator = (seedGenerator: Seen<unknown>): Check => {
  const id = 'seed.no-seed-generator'
  if (seedGenerator.seen === 'unknown')
    return unanswered(
      id,
      'block',
      seedGenerator.why === 'not-served'
        ? 'the seed does not know the kind SeedGenerator; install the Lifecycle Agent'
        : seedGenerator.why,
    )
  const isAbsent = seedGenerator.seen === 'absent'
  return {
    id,
    level: 'block',
    status: isAbsent ? 'pass' : 'fail',
    reason: isAbsent
      ? 'the Lifecycle Agent is there and idle'
      : 'a SeedGenerator is on the seed already',
    fix: isAbsent
      ? ''
      : 'delete it on the seed when it is not needed (`oc delete seedgenerator seedimage`)',
  }
}

/** The unsealed Secret on the hub holds a credential for the image. */
export const checkSecret = (secret: Seen<Readonly<{ reason: string | null }>>): Check => {
  const id = 'secret.authfile'
  const fix = 'seal the authfile with `sower seal`, commit it, and let Argo CD sync it to the hub'
  if (secret.seen === 'unknown') return unanswered(id, 'block', secret.why)
  if (secret.seen === 'absent')
    return { id, level: 'block', status: 'fail', reason: 'the Secret is not on the hub', fix }
  const { reason } = secret.value
  return reason === null
    ? {
        id,
        level: 'block',
        status: 'pass',
        reason: 'unsealed, with a credential for the image',
        fix: '',
      }
    : { id, level: 'block', status: 'fail', reason: reason, fix }
}

/** The registry lets an upload begin: the Lifecycle Agent would find out only after the cluster is down. */
export const checkPush = (mayPush: Seen<boolean>): Check => {
  const id = 'registry.push'
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
export const checkTag = (tag: Seen<string>): Check => {
  const id = 'registry.tag-free'
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
