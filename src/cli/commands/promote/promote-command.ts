import { posix } from 'node:path'
import { seedPaths } from '../../../core/detach/seed-record.ts'
import { InputError } from '../../../errors.ts'
import { openPromotion } from '../../../operations/promote/open-promotion.ts'
import { preparePromotion } from '../../../operations/promote/prepare-promotion.ts'
import { refuseGroupUpgrade } from '../../../operations/promote/refuse-group-upgrade.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { atGitHub } from '../../clone/at-git-hub.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'
import type { PromoteOptions } from './promote-options.ts'

/**
 * `sower promote`: opens the pull request that sets the proven image of a seed in the manifests that sower.yaml names, on the
 * base branch as GitHub has it. Without a token it prints the difference, made on HEAD of the clone. Always a pull request:
 * the base is pushed nothing, and the work tree is left alone. Throws InputError ARGUMENT_INVALID without a hub, what
 * preparing throws, RefusedError UPGRADE_UNDER_WAY, and what git and GitHub throw.
 */
export const promoteCommand = async (
  surroundings: Surroundings,
  options: PromoteOptions,
  redactor: Redactor,
): Promise<void> => {
  requireClusterName(options.cluster)
  if (!(await push(surroundings, options, redactor))) await describe(surroundings, options)
}

const push = (
  surroundings: Surroundings,
  options: PromoteOptions,
  redactor: Redactor,
): Promise<boolean> =>
  atGitHub(surroundings, options, {
    redactor,
    work: async ({ repository, pulls, base }) => {
      const { cluster, branch } = options
      const { print } = surroundings
      const kustomize = await composeKustomize(surroundings)
      const prepared = await preparePromotion({ repository, kustomize }, base, cluster)
      const { image, version } = prepared.seedImageRef
      if (prepared.changes.length === 0) {
        print(`all manifests name ${image} of OpenShift ${version} already\n`)
        return
      }
      await askHub(surroundings, options)
      const recordPath = seedPaths(base.config.directory, cluster).record
      const opening = { repository, pulls, base: branch }
      const { pull, isNew } = await openPromotion(opening, prepared, { cluster, recordPath })
      print(
        isNew
          ? `promotes ${image} of OpenShift ${version}: #${pull.number} ${pull.url}\n`
          : `the promotion of ${image} is open already: #${pull.number} ${pull.url}\n`,
      )
    },
  })

const describe = async (surroundings: Surroundings, options: PromoteOptions): Promise<void> => {
  const { cluster, branch, directory } = options
  const clone = await openClone(surroundings, { directory, roots: [] })
  try {
    const { checkout, repository } = clone
    const config = requireConfiguration(clone)
    const kustomize = await composeKustomize(surroundings)
    const { roots, directory: seeds } = clone
    const promote = config.promote.map(entry => ({
      ...entry,
      file: posix.join(clone.base, entry.file),
    }))
    const base = { checkout, config: { ...config, roots, directory: seeds, promote } }
    const prepared = await preparePromotion({ repository, kustomize }, base, cluster)
    const { image, version } = prepared.seedImageRef
    if (prepared.changes.length > 0) await askHub(surroundings, options)
    surroundings.print(
      prepared.changes.length === 0
        ? `all manifests name ${image} of OpenShift ${version} already\n`
        : [
            'No token and repository are named (--token-file, --repository), so nothing was pushed.',
            `Commit this on a branch of its own, push it, and open a pull request against ${branch}:`,
            '',
            prepared.diff,
          ].join('\n'),
    )
  } finally {
    clone.close()
  }
}

const askHub = async (
  surroundings: Surroundings,
  { kubeconfig, context }: PromoteOptions,
): Promise<void> => {
  if (kubeconfig === null)
    throw new InputError('ARGUMENT_INVALID', 'reading --kubeconfig: it is not there', {
      fix: "name the hub's: only the hub says whether a group upgrade is under way",
    })
  const { cluster } = await hubFrom(surroundings, kubeconfig, context ?? undefined)
  await refuseGroupUpgrade(cluster)
}
