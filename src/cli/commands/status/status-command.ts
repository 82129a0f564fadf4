import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { searchCluster } from '../../../core/cluster/find-cluster.ts'
import { keptSince, type Run } from '../../../core/run/run.ts'
import { unknown } from '../../../core/seen.ts'
import { trackSecret } from '../../../core/secret/track-secret.ts'
import { InputError } from '../../../errors.ts'
import type { ReadingHub } from '../../../operations/hub/read-hub-secret.ts'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { createNamer, type Namer } from '../../../operations/names/create-namer.ts'
import { findListed } from '../../../operations/names/find-listed.ts'
import { observeSecret } from '../../../operations/observe/observe-secret.ts'
import { readRecordAt } from '../../../core/detach/read-record-at.ts'
import { lastUse } from '../../../core/detach/last-use.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Clone } from '../../clone/clone.ts'
import { refuseUnknown } from '../../clone/refuse-unknown.ts'
import { uncommitted } from '../../clone/uncommitted.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { once } from '../../../once.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'
import { describeSeed, type SeedStatus } from './describe-seed.ts'
import { hubAnswers, unanswered } from './hub-answers.ts'
import { describeAside, describeWaiting, keptByBot } from './kept-by-bot.ts'

/** Options of `sower status`. */
export type StatusOptions = Readonly<{
  clusters: readonly string[]
  directory: string
  kubeconfig: string | null
  context?: string | undefined
  data: string | null
  output: OutputForm
}>

const version = { apiVersion: 'sower.dev/v1alpha2', kind: 'Status' }

/**
 * `sower status`: for each seed of sower.yaml whether it is listed, its record, its run and how far its push
 * credential is. From Git alone, or with the hub and the bot's data where these are named.
 * What the hub does not answer is `unknown`, and the report is printed all the same.
 * Throws InputError; RefusedError CLUSTER_NOT_FOUND for a name that nothing knows; then UnavailableError
 * CLUSTER_UNAVAILABLE where the hub gave no answer.
 */
export const statusCommand = async (
  surroundings: Surroundings,
  options: StatusOptions,
  redactor: Redactor,
): Promise<void> => {
  if (!options.clusters.every(cluster => clusterName.test(cluster)))
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading [cluster...]: one of them is not a valid cluster name',
      {
        fix: 'give each spec.clusterName: lower case letters, digits and dashes',
      },
    )
  const clone = await openClone(surroundings, { directory: options.directory, roots: [] })
  try {
    const config = requireConfiguration(clone)
    const hub = await hubOf(surroundings, options, redactor)
    const { runs, setAside, waiting } = await keptByBot(surroundings, options.data)
    const namer = createNamer(await composeKustomize(surroundings))
    const clusters = options.clusters.length > 0 ? options.clusters : config.seeds
    const seeds: SeedStatus[] = []
    for (const cluster of clusters)
      seeds.push(
        await statusOf({ clone, config, hub, namer, run: runs.get(cluster) ?? null }, cluster),
      )
    surroundings.print(
      printAs(options.output, { ...version, seeds, setAside, waiting }, () =>
        [
          ...seeds.map(seed => describeSeed(seed, new Date().toISOString(), options.output)),
          ...setAside.map(describeAside),
          ...waiting.map(describeWaiting),
        ].join('\n'),
      ),
    )
    for (const { hub } of seeds) {
      const open = unanswered(hub, config)
      if (open) throw open
    }
  } finally {
    clone.close()
  }
}

type Looking = Readonly<{
  clone: Clone
  config: NonNullable<Clone['config']>
  hub: ReadingHub | null
  namer: Namer
  run: Run | null
}>

const statusOf = async (
  { clone, config, hub, namer, run }: Looking,
  cluster: string,
): Promise<SeedStatus> => {
  const { checkout, roots, directory, shown } = clone
  const { found, commentedOut } = searchCluster(checkout.tree, { cluster, roots })
  const live = await findListed(namer, checkout, { cluster, roots, found })
  const record = readRecordAt(checkout.tree, { directory, cluster }) ?? null
  if (live === null && commentedOut.length === 0 && run === null) refuseUnknown(clone, cluster)
  // The tag does not matter to a credential.
  const image =
    run?.request.image ??
    record?.image ??
    config.image?.replaceAll('{cluster}', cluster).replaceAll('{version}', 'version') ??
    null
  const observed = await observeSecret(hub, {
    config,
    tree: checkout.tree,
    base: clone.base,
    image,
    run,
    onSeed: unknown('unreachable'),
    usedAt: lastUse(checkout.tree, { directory, seeds: config.seeds }),
  })
  const answers = hub && hubAnswers(observed, { image })
  const open = unanswered(answers, config)
  return {
    cluster,
    listed: live && `${shown(live.path)}${live.entry ? `:${live.entry.line}` : ''}`,
    commentedOut: commentedOut.map(
      ({ kustomization, line }) => `${shown(kustomization.path)}:${line}`,
    ),
    record: record && {
      status: record.status,
      image: record.image,
      digest: record.digest,
      seedImageRef: record.seedImageRef ?? null,
      finishedAt: record.finishedAt,
    },
    run: run && { phase: run.phase, blocked: run.blocked },
    // The facts of a run need no hub.
    secret:
      open && observed.generation === 'none'
        ? { state: 'unknown', fix: `${open.message}; ${open.fix ?? ''}` }
        : trackSecret(observed),
    accessSince: run && keptSince(run),
    hub: answers,
    warnings: live ? notCommitted(clone, { cluster, path: live.path }) : [],
  }
}

/** The ways in which the work tree differs from HEAD, in the words of `sower plan`. */
const notCommitted = (
  { workTree, checkout, roots, shown }: Clone,
  { cluster, path }: Readonly<{ cluster: string; path: string }>,
): readonly string[] => {
  if (!workTree.differs(path, checkout.tree)) return []
  const { found } = searchCluster(repositoryView(workTree.tree), { cluster, roots })
  return [found.length === 0 ? uncommitted.alreadyWritten : uncommitted.notLookedAt(shown(path))]
}

const hubOf = async (
  surroundings: Surroundings,
  { kubeconfig, context }: StatusOptions,
  redactor: Redactor,
): Promise<ReadingHub | null> => {
  if (kubeconfig === null) return null
  const { cluster } = await hubFrom(surroundings, kubeconfig, context)
  const cache: Parameters<typeof once<Awaited<ReturnType<typeof cluster.read>>>>[0] = new Map()
  // All seeds share a push credential, and a hub that is down is waited for once.
  const read: typeof cluster.read = key => once(cache, JSON.stringify(key), () => cluster.read(key))
  return { ports: { hub: { ...cluster, read }, conceal: redactor.add }, now: () => new Date() }
}
