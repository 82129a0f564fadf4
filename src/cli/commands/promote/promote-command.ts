import { posix, resolve } from 'node:path'
import { readInput } from '../../../adapters/files/read-input.ts'
import { temporaryDirectory } from '../../../adapters/files/temporary-directory.ts'
import { gitRepository } from '../../../adapters/git/git-repository.ts'
import { seedPaths } from '../../../core/detach/seed-record.ts'
import { InputError } from '../../../errors.ts'
import { openPromotion } from '../../../operations/promote/open-promotion.ts'
import { preparePromotion } from '../../../operations/promote/prepare-promotion.ts'
import { refuseGroupUpgrade } from '../../../operations/promote/refuse-group-upgrade.ts'
import { fetchBase } from '../../../operations/read-base.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
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
  const { tokenFile, repository } = options
  if (tokenFile === null || repository === null) await describe(surroundings, options)
  else await push(surroundings, { ...options, tokenFile, repository }, redactor)
}

type Pushing = PromoteOptions & Readonly<{ tokenFile: string; repository: string }>

const push = async (
  surroundings: Surroundings,
  options: Pushing,
  redactor: Redactor,
): Promise<void> => {
  const { directory, environment, print } = surroundings
  const { cluster, branch, apiUrl, repository: name } = options
  const token = (await readInput(directory, options.tokenFile)).toString('utf8').trim()
  redactor.add(token)
  const { gitUrlOf } = await import('../../../bot/bot-options.ts')
  const { pullRequests } = await import('../../../adapters/github/pull-requests.ts')
  const work = temporaryDirectory('sower-promote-')
  try {
    const repository = gitRepository({
      url: gitUrlOf({ apiUrl, gitUrl: options.gitUrl ?? undefined, repository: name }),
      directory: work.directory,
      tokenFile: resolve(directory, options.tokenFile),
      path: environment['PATH'] ?? '',
    })
    const pulls = pullRequests({
      ...{ apiUrl, repository: name, token: () => token, now: () => new Date() },
      stopping: new AbortController().signal,
    })
    const base = await fetchBase({ ports: { repository }, settings: { branch } })
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
  } finally {
    work.remove()
  }
}

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
