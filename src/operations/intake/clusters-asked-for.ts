import { parseCommands } from '../../core/command/parse-commands.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { isListed } from '../names/is-listed.ts'
import type { PullRequest } from '../ports/forge.ts'

/**
 * The clusters that a pull request without a request file asks for: those of `/seed detach` in its description, else the
 * seeds that its merge with the base takes out of the lists, as a person's own edit does.
 */
export const clustersAskedFor = async (
  context: Context,
  { checkout, config }: Base,
  { body, headSha }: Pick<PullRequest, 'body' | 'headSha'>,
): Promise<readonly string[]> => {
  const named = parseCommands(body).flatMap(command =>
    command.verb === 'detach' ? [command.cluster] : [],
  )
  if (named.length > 0) return [...new Set(named)]
  const merged = await context.ports.repository.merge(checkout.sha, headSha)
  if (!merged) return []
  const left: string[] = []
  for (const cluster of config.seeds) {
    const wasListed = await isListed(context, checkout, { config, cluster })
    if (wasListed && !(await isListed(context, merged, { config, cluster }))) left.push(cluster)
  }
  return left
}
