import type { Check } from '../preflight/check.ts'
import { field, listAt, textAt } from '../preflight/field.ts'
import { checkOf, type Fault } from './check-of.ts'
import type { Installation } from './installation.ts'

/** The events that bring labels and commands. */
const neededEvents = [
  ...['pull_request', 'issue_comment', 'pull_request_review', 'pull_request_review_comment'],
]

/** Checks a token's rights, the webhook with its last delivery, and whether the base branch requires the check; only warnings but the first. */
export const checkGitHub = ({ gitHub }: Pick<Installation, 'gitHub'>): readonly Check[] => {
  if (gitHub === null)
    return [
      {
        ...{ id: 'github.permissions', level: 'warn', status: 'not-asked' },
        reason: 'no repository and token were named',
        fix: 'name them with --repository and --token-file',
      },
    ]
  const { repository, branch, access, hooks, isRequired } = gitHub
  return [
    checkOf({
      isGitHub: true,
      ...{ id: 'github.permissions', of: `${repository} on GitHub`, read: access },
      whenAbsent: {
        reason: `the token does not reach ${repository}`,
        fix: 'give the token access to it',
      },
      judge: ({ mayPush, isArchived }) => {
        if (isArchived)
          return { reason: `${repository} is archived`, fix: 'take it out of the archive' }
        return mayPush
          ? null
          : {
              reason: `the account of the token may not push to ${repository}`,
              fix: 'give it the role Write, and the token write access to contents and pull requests',
            }
      },
    }),
    checkOf({
      isGitHub: true,
      ...{ id: 'github.webhook', level: 'warn', of: `the webhooks of ${repository}`, read: hooks },
      whenAbsent: noHook,
      judge: hookFault,
    }),
    checkOf({
      isGitHub: true,
      ...{ id: 'github.check-required', level: 'warn', of: `the branch ${branch}` },
      read: isRequired,
      whenAbsent: { reason: `there is no branch ${branch}`, fix: 'name it with --branch' },
      judge: isSo =>
        isSo
          ? null
          : {
              reason: `${branch} does not require sower/check: a pull request that takes a cluster out can be merged while it is red`,
              fix: `require the check sower/check on ${branch}, by a ruleset or branch protection`,
            },
    }),
  ]
}

const noHook: Fault = {
  reason: 'no active webhook leads to /webhook: the bot hears of news by looking alone',
  fix: 'add one (docs/install.md); where GitHub cannot reach the hub, leave it so',
}

/** The fault of the webhook that leads to the bot, or that there is none. */
const hookFault = (hooks: readonly unknown[]): Fault | null => {
  const hook = hooks.find(
    one => field(one, 'active') === true && /\/webhook\/?$/.test(textAt(one, 'config', 'url')),
  )
  if (hook === undefined) return noHook
  const events = listAt(hook, 'events')
  const missing = neededEvents.filter(event => !events.includes(event) && !events.includes('*'))
  if (missing.length > 0)
    return {
      reason: `the webhook does not bring ${missing.join(', ')}`,
      fix: 'choose these events in the settings of the webhook',
    }
  if (textAt(hook, 'config', 'content_type') !== 'json')
    return {
      reason: 'the webhook sends forms, which the bot refuses',
      fix: 'set its content type to application/json',
    }
  const code = field(hook, 'last_response', 'code')
  if (typeof code !== 'number' || (code >= 200 && code < 300)) return null
  return {
    reason: `its last delivery was answered with ${code}`,
    fix:
      code === 401
        ? 'give the webhook and --webhook-secret-file the same secret'
        : 'look at its recent deliveries on GitHub, and at the Route or Ingress of the bot',
  }
}
