import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { blocking, type Check } from '../../../core/preflight/check.ts'
import { newRun } from '../../../core/run/run.ts'
import { imageFromTemplate } from '../../../core/seedgen/image-reference.ts'
import { commentMode } from '../../../core/settings/comment-mode.ts'
import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import { InputError, RefusedError, UnavailableError } from '../../../errors.ts'
import type { Base } from '../../../operations/base.ts'
import type { Context } from '../../../operations/context.ts'
import { prepareDetach } from '../../../operations/prepare-detach.ts'
import { runChecks } from '../../../operations/run-checks.ts'
import { readSeedVersion } from '../../../operations/seed/read-seed-version.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import type { Clone } from '../../clone/clone.ts'
import { openClone } from '../../clone/open-clone.ts'
import { imageArgument } from '../seal/image-argument.ts'
import { refuseUnknown } from '../../clone/refuse-unknown.ts'
import type { PreflightOptions } from './preflight-options.ts'
import { composePreflight } from './compose-preflight.ts'
import { describeChecks } from './describe-checks.ts'

const version = { apiVersion: 'sower.dev/v1alpha1', kind: 'Preflight' }

/**
 * `sower preflight`: asks all that can be asked before a detach, and writes nothing anywhere. The edit and its proof are
 * made from HEAD, as by `sower plan`. Throws what `plan` throws; RefusedError PREFLIGHT_FAILED, after the report, where a
 * check blocks; UnavailableError PREFLIGHT_FAILED where nothing but answers are missing.
 */
export const preflightCommand = async (
  surroundings: Surroundings,
  options: PreflightOptions,
  redactor: Redactor,
): Promise<void> => {
  const { cluster } = options
  if (!clusterName.test(cluster))
    throw new InputError('ARGUMENT_INVALID', "reading <cluster>: this is no cluster's name", {
      fix: 'give its spec.clusterName: lower case letters, digits and dashes',
    })
  if (options.image !== null) imageArgument(options.image)
  const clone = await openClone(surroundings, { directory: options.directory, roots: [] })
  try {
    const config = configurationOf(clone)
    refuseUnlessSeed(config, cluster)
    const context = await composePreflight(surroundings, { clone, config, options, redactor })
    const base: Base = { checkout: clone.checkout, config }
    const image = await imageOf(context, config, options)
    const proof = await prove(context, clone, { config, cluster })
    const request = { cluster, image, key: '', repository: '', pullRequest: 0, by: '', headSha: '' }
    const run = newRun(request, context.now().toISOString())
    const asked = await runChecks(context, { base, run, proof, head: null })
    const checks = asked
      .filter(({ id }) => !ofPullRequest.includes(id))
      .map(check => inTheirWords(check, options))
    surroundings.print(
      options.json
        ? `${JSON.stringify({ ...version, cluster, image, checks }, null, 2)}\n`
        : describeChecks(cluster, checks),
    )
    refuseIfBlocked(cluster, checks)
  } finally {
    clone.close()
  }
}

const configurationOf = ({ config, roots, directory }: Clone): Configuration => {
  if (config !== null) return { ...config, roots: [...roots], directory }
  throw new InputError('CONFIGURATION_MISSING', 'reading sower.yaml in HEAD: it is not there', {
    fix: 'name the directory that holds it with -C, and commit it',
  })
}

/** The image that is named, else that of the template; the tag says `unknown` where the seed does not tell its version. */
const imageOf = async (
  context: Context,
  { image: template }: Configuration,
  { cluster, image }: PreflightOptions,
): Promise<string> => {
  if (image !== null) return image
  if (template === undefined)
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading --image: sower.yaml has no `image` template',
      {
        fix: 'name the seed image with --image registry/repository:tag',
      },
    )
  const version = template.includes('{version}')
    ? await readSeedVersion(context, cluster).catch((error: unknown) => {
        if (error instanceof RefusedError) return 'unknown'
        throw error
      })
    : ''
  return imageFromTemplate(template, { cluster, version }).text
}

const prove = async (
  { ports, prove, namer, now }: Context,
  clone: Clone,
  { config, cluster }: Readonly<{ config: Configuration; cluster: string }>,
) => {
  const { checkout } = clone
  const preparing = { repository: ports.repository, prove, namer }
  const { proof } = await prepareDetach(preparing, {
    ...{ onto: checkout, base: checkout, config, mode: commentMode(config) },
    request: { cluster, key: null, image: null, pullRequest: null },
    message: `Detach ${cluster}`,
    today: now().toISOString().slice(0, 10),
  }).catch((error: unknown) => {
    if (error instanceof RefusedError && error.code === 'CLUSTER_NOT_FOUND')
      refuseUnknown(clone, cluster)
    throw error
  })
  return proof
}

/** What only a pull request can get wrong: there is none. */
const ofPullRequest: readonly string[] = ['git.no-credential', 'git.no-seed-object']

/** A file on a person's disk is not unsealed on the hub, though it was looked at in the same way. */
const inTheirWords = (check: Check, { authfile }: PreflightOptions): Check =>
  authfile !== null && check.id === 'secret.authfile' && check.status === 'pass'
    ? { ...check, reason: 'the file of --authfile holds a credential for the image' }
    : check

const refuseIfBlocked = (cluster: string, checks: readonly Check[]): void => {
  const stopping = blocking(checks)
  const failed = stopping.filter(({ status }) => status === 'fail').map(({ id }) => id)
  const activity = `checking ${cluster} before its detach`
  if (failed.length > 0)
    throw new RefusedError('PREFLIGHT_FAILED', `${activity}: ${failed.join(', ')}`, {
      fix: 'do what the report says of each',
    })
  if (stopping.length > 0)
    throw new UnavailableError(
      'PREFLIGHT_FAILED',
      `${activity}: ${stopping.length} checks have no answer`,
      {
        fix: 'name the hub with --kubeconfig, the seed with --seed-kubeconfig and the credential with --authfile, or ask again later',
      },
    )
}
