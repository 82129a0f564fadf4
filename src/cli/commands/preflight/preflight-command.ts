import { blocking, type Check } from '../../../core/preflight/check.ts'
import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import { InputError, RefusedError, UnavailableError } from '../../../errors.ts'
import type { Base } from '../../../operations/base.ts'
import type { Context } from '../../../operations/context.ts'
import {
  checkBeforeDetach,
  imageBeforeDetach,
} from '../../../operations/preflight/check-before-detach.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { during, type Surroundings } from '../../../surroundings.ts'
import type { Clone } from '../../clone/clone.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { imageArgument } from '../seal/image-argument.ts'
import { refuseUnknown } from '../../clone/refuse-unknown.ts'
import type { PreflightOptions } from './preflight-options.ts'
import { printAs } from '../../output/print-as.ts'
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
  requireClusterName(cluster)
  if (options.image !== null) imageArgument(options.image)
  const clone = await openClone(surroundings, { directory: options.directory, roots: [] })
  try {
    const config = configurationOf(clone)
    refuseUnlessSeed(config, cluster)
    const context = await composePreflight(surroundings, { clone, config, options, redactor })
    const base: Base = { checkout: clone.checkout, config }
    const image = await imageOf(context, config, options)
    const asked = await during(surroundings, 'asking seed and registry', () =>
      checkBeforeDetach(context, { base, cluster, image }),
    ).catch((error: unknown) => {
      if (error instanceof RefusedError && error.code === 'CLUSTER_NOT_FOUND')
        refuseUnknown(clone, cluster)
      throw error
    })
    const checks = asked
      .filter(({ id }) => !ofTheBot.includes(id))
      .map(check => inTheirWords(check, options))
    surroundings.print(
      printAs(options.output, { ...version, cluster, image, checks }, () =>
        describeChecks(cluster, checks, options.output),
      ),
    )
    refuseIfBlocked(cluster, checks)
  } finally {
    clone.close()
  }
}

const configurationOf = (clone: Clone): Configuration => ({
  ...requireConfiguration(clone),
  ...{ roots: [...clone.roots], directory: clone.directory },
})

/** The image that is named, else that of the template. Throws InputError ARGUMENT_INVALID where nothing names one. */
const imageOf = async (
  context: Context,
  config: Configuration,
  { cluster, image }: PreflightOptions,
): Promise<string> => {
  const chosen = image ?? (await imageBeforeDetach(context, config, cluster))
  if (chosen !== null) return chosen
  throw new InputError('ARGUMENT_INVALID', 'reading --image: sower.yaml has no `image` template', {
    fix: 'name the seed image with --image registry/repository:tag',
  })
}

/** The rights of a person say nothing about those of the bot and of its token. */
const ofTheBot: readonly string[] = ['hub.rights', 'argocd.token']

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
      fix: 'do what the report says for each',
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
