/**
 * A registry's answer to the start of an upload: a plain yes or no to the credential, or the obstacle that keeps an upload from
 * going on. `at` is where it is to go on, without path and user. 'other-host' alone is not in the way: clients follow it.
 */
export type PushAnswer =
  | boolean
  | Readonly<{ is: 'without-tls' | 'other-port' | 'other-host'; at: string }>
  | Readonly<{ is: 'read-only' }>

type Problem = Readonly<{ reason: string; fix: string }>

/** Why an image cannot be pushed there, and what to do; null where it can. */
export const pushProblem = (answer: PushAnswer): Problem | null => {
  if (answer === true) return null
  if (answer === false)
    return {
      reason: 'the registry refuses an upload',
      fix: 'seal a credential with push rights to that repository',
    }
  switch (answer.is) {
    case 'other-host':
      return null
    case 'read-only':
      return {
        reason: 'the registry is read-only: it takes no uploads (405)',
        fix: 'have the registry take uploads again; a mirror or a pull-through cache never does, so name the registry behind it',
      }
    case 'without-tls':
      return {
        reason: `the registry lets an upload begin and has it go on without TLS, at ${answer.at}; podman goes there once the seed is stopped, and fails`,
        fix: 'have the proxy before the registry send X-Forwarded-Proto: https, or set the external URL of the registry to its https address',
      }
    case 'other-port':
      return {
        reason: `the registry lets an upload begin and has it go on at another port, ${answer.at}; podman goes there once the seed is stopped, and fails`,
        fix: 'have the proxy before the registry send the Host header with its port, or set the external URL of the registry to the address that clients use',
      }
  }
}

/** A note on an upload that can go on; empty where it stays at the registry. */
export const pushNote = (answer: PushAnswer): string =>
  typeof answer === 'object' && answer.is === 'other-host'
    ? `; it goes on at ${answer.at}, which the seed must reach too`
    : ''
