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
import { printAs } from '../../output/print-as.ts'
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
      const kustomize = await composeKustomize(surroundings)
      const prepared = await preparePromotion({ repository, kustomize }, base, cluster)
      const show = shower(surroundings, options, prepared)
      if (prepared.changes.length === 0) {
        show({ pullRequest: null, isNew: false }, done)
        return
      }
      await askHub(surroundings, options)
      const recordPath = seedPaths(base.config.directory, cluster).record
      const opening = { repository, pulls, base: branch }
      const { pull, isNew } = await openPromotion(opening, prepared, { cluster, recordPath })
      const { number, url } = pull
      show({ pullRequest: { number, url }, isNew }, ({ image, version }) =>
        isNew
          ? `promotes ${image} of OpenShift ${version}: #${number} ${url}\n`
          : `the promotion of ${image} is open already: #${number} ${url}\n`,
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
    if (prepared.changes.length > 0) await askHub(surroundings, options)
    shower(
      surroundings,
      options,
      prepared,
    )({ pullRequest: null, isNew: false }, of =>
      prepared.changes.length === 0
        ? done(of)
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

type Prepared = Awaited<ReturnType<typeof preparePromotion>>

const document = { apiVersion: 'sower.dev/v1alpha1', kind: 'Promotion' }

/** Prints what became of a promotion; the diff is empty where nothing is left to promote. */
const shower =
  (
    { print }: Surroundings,
    { output, cluster }: PromoteOptions,
    { seedImageRef, diff }: Pick<Prepared, 'seedImageRef' | 'diff'>,
  ) =>
  (
    became: Readonly<{
      pullRequest: Readonly<{ number: number; url: string }> | null
      isNew: boolean
    }>,
    text: (of: Prepared['seedImageRef']) => string,
  ): void => {
    print(
      printAs(output, { ...document, cluster, seedImageRef, ...became, diff }, () =>
        text(seedImageRef),
      ),
    )
  }

const done = ({ image, version }: Prepared['seedImageRef']): string =>
  `all manifests name ${image} of OpenShift ${version} already\n`

const askHub = async (
  surroundings: Surroundings,
  { kubeconfig, context }: PromoteOptions,
): Promise<void> => {
  if (kubeconfig === null)
    throw new InputError('ARGUMENT_INVALID', 'reading --kubeconfig: no hub is named', {
      fix: 'name its kubeconfig with --kubeconfig or SOWER_KUBECONFIG: only the hub says whether a group upgrade is under way',
    })
  const { cluster } = await hubFrom(surroundings, kubeconfig, context ?? undefined)
  await refuseGroupUpgrade(cluster)
}
