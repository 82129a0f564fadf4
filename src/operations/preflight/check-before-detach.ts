import type { Check } from '../../core/preflight/check.ts'
import { newRun } from '../../core/run/run.ts'
import { imageFromTemplate } from '../../core/seedgen/image-reference.ts'
import { commentMode } from '../../core/settings/comment-mode.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { RefusedError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { prepareDetach } from '../prepare-detach.ts'
import { runChecks } from '../run-checks.ts'
import { readSeedVersion } from '../seed/read-seed-version.ts'

/**
 * Asks all that can be asked before the detach of a cluster, without a run and without a pull request: the edit and its
 * proof are made on the base alone, and nothing is written. Returns every check but those of what only a pull request
 * can bring. Throws what planning and proving the detach throw.
 */
export const checkBeforeDetach = async (
  context: Context,
  { base, cluster, image }: Readonly<{ base: Base; cluster: string; image: string }>,
): Promise<readonly Check[]> => {
  const { ports, prove, namer, now } = context
  const { checkout, config } = base
  const { proof } = await prepareDetach(
    { repository: ports.repository, prove, namer },
    {
      ...{ onto: checkout, base: checkout, config, mode: commentMode(config) },
      request: { cluster, key: null, image: null, pullRequest: null },
      message: `Detach ${cluster}`,
      today: now().toISOString().slice(0, 10),
    },
  )
  const request = { cluster, image, key: '', repository: '', pullRequest: 0, by: '', headSha: '' }
  const run = newRun(request, now().toISOString())
  const checks = await runChecks(context, { base, run, proof, head: null })
  return checks.filter(({ id }) => !ofPullRequest.includes(id))
}

const ofPullRequest: readonly string[] = ['git.no-credential', 'git.no-seed-object']

/**
 * The image that the template of sower.yaml makes for a cluster; null without a template. The tag says `unknown` where the
 * seed does not tell its version.
 */
export const imageBeforeDetach = async (
  context: Context,
  { image: template }: Pick<Configuration, 'image'>,
  cluster: string,
): Promise<string | null> => {
  if (template === undefined) return null
  const version = template.includes('{version}')
    ? await readSeedVersion(context, cluster).catch((error: unknown) => {
        if (error instanceof RefusedError) return 'unknown'
        throw error
      })
    : ''
  return imageFromTemplate(template, { cluster, version }).text
}
