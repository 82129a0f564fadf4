import { FailedError, UnavailableError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Incoming } from '../ports/inbox.ts'

const patience = 10 * 60 * 1000

/** The key of an order by label: the number of the event with which it was set. */
export const labelKey = (pullRequest: number, event: number): string =>
  `#${pullRequest}/label/${event}`

/**
 * Finds the key that a label is known by, whether a webhook told of it or a look at GitHub. A webhook does not say
 * the number of the event, so the events of the pull request are asked. Throws UnavailableError GITHUB_FAILED as long as
 * GitHub does not list it, and FailedError GITHUB_FAILED when it has not after ten minutes.
 */
export const identifyLabel = async (
  { ports: { forge }, now }: Pick<Context, 'ports' | 'now'>,
  { pullRequest, sender, key, at }: Incoming,
): Promise<string> => {
  if (at === undefined || /^#\d+\/label\/\d+$/.test(key)) return key
  const found = await forge.labelling({ pullRequest, by: sender, until: at })
  if (found) return labelKey(pullRequest, found.id)
  const message = `reading who set the label on #${pullRequest}: GitHub does not list that ${sender} did`
  const age = now().getTime() - Date.parse(at)
  if (age > patience)
    throw new FailedError('GITHUB_FAILED', message, { fix: 'set the label `seed` again' })
  const retryAt = new Date(now().getTime() + 5_000).toISOString()
  throw new UnavailableError('GITHUB_FAILED', `${message} yet; next try at ${retryAt}`, { retryAt })
}
