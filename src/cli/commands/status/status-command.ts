import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { searchCluster } from '../../../core/cluster/find-cluster.ts'
import type { SeedRecord } from '../../../core/detach/seed-record.ts'
import { printable } from '../../../core/printable.ts'
import type { Run } from '../../../core/run/run.ts'
import { unknown } from '../../../core/seen.ts'
import { trackSecret, type TrackedSecret } from '../../../core/secret/track-secret.ts'
import { InputError } from '../../../errors.ts'
import type { ReadingHub } from '../../../operations/hub/read-hub-secret.ts'
import { createNamer, type Namer } from '../../../operations/names/create-namer.ts'
import { findListed } from '../../../operations/names/find-listed.ts'
import { observeSecret } from '../../../operations/observe/observe-secret.ts'
import { readRecordAt } from '../../../core/detach/read-record-at.ts'
import { lastUse } from '../../../core/detach/last-use.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Clone } from '../../clone/clone.ts'
import { openClone } from '../../clone/open-clone.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'
import { describeAside, describeWaiting, keptByBot } from './kept-by-bot.ts'

/** Of `sower status`. */
export type StatusOptions = Readonly<{
  clusters: readonly string[]
  directory: string
  kubeconfig: string | null
  data: string | null
  json: boolean
}>

const version = { apiVersion: 'sower.dev/v1alpha2', kind: 'Status' }

/** What is known of one seed cluster. */
type SeedStatus = Readonly<{
  cluster: string
  /** Where it is listed, `file:line`, or the file of a root that renders it; null where it is not. */
  listed: string | null
  /** Where it is commented out. */
  commentedOut: readonly string[]
  record: Pick<SeedRecord, 'status' | 'image' | 'digest' | 'finishedAt'> | null
  run: Pick<Run, 'phase' | 'blocked'> | null
  secret: TrackedSecret
}>

/**
 * `sower status`: for each seed of sower.yaml whether it is listed, its record, its run and how far its push
 * credential is. From Git alone, or with the hub and the bot's data where these are named.
 * Throws InputError.
 */
export const statusCommand = async (
  surroundings: Surroundings,
  options: StatusOptions,
  redactor: Redactor,
): Promise<void> => {
  if (!options.clusters.every(cluster => clusterName.test(cluster)))
    throw new InputError(
      'ARGUMENT_INVALID',
      "reading [cluster...]: one of them is no cluster's name",
      {
        fix: 'give each spec.clusterName: lower case letters, digits and dashes',
      },
    )
  const clone = await openClone(surroundings, { directory: options.directory, roots: [] })
  try {
    const { config } = clone
    if (config === null)
      throw new InputError('CONFIGURATION_MISSING', 'reading sower.yaml in HEAD: it is not there', {
        fix: 'name the directory that holds it with -C, and commit it',
      })
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
      options.json
        ? `${JSON.stringify({ ...version, seeds, setAside, waiting }, null, 2)}\n`
        : [
            ...seeds.map(describe),
            ...setAside.map(describeAside),
            ...waiting.map(describeWaiting),
          ].join('\n'),
    )
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
  const secret = await observeSecret(hub, {
    config,
    tree: checkout.tree,
    base: clone.base,
    // The tag does not matter to a credential.
    image:
      run?.request.image ??
      record?.image ??
      config.image?.replaceAll('{cluster}', cluster).replaceAll('{version}', 'version') ??
      null,
    run,
    onSeed: unknown('unreachable'),
    usedAt: lastUse(checkout.tree, { directory, seeds: config.seeds }),
  })
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
      finishedAt: record.finishedAt,
    },
    run: run && { phase: run.phase, blocked: run.blocked },
    secret: trackSecret(secret),
  }
}

const hubOf = async (
  surroundings: Surroundings,
  { kubeconfig }: StatusOptions,
  redactor: Redactor,
): Promise<ReadingHub | null> => {
  if (kubeconfig === null) return null
  const { cluster } = await hubFrom(surroundings, kubeconfig)
  return { ports: { hub: cluster, conceal: redactor.add }, now: () => new Date() }
}

const describe = ({ cluster, listed, commentedOut, record, run, secret }: SeedStatus): string => {
  const place = listed
    ? `listed at ${listed}`
    : commentedOut.length > 0
      ? `commented out at ${commentedOut.join(', ')}`
      : 'in no list'
  const blocked = run?.blocked ? `, blocked: ${run.blocked.reason} (${run.blocked.fix})` : ''
  return (
    [
      cluster,
      `  cluster     ${place}`,
      ...(record
        ? [
            `  record      ${record.status}${record.finishedAt === null ? '' : ` at ${record.finishedAt}`}${record.digest === null ? '' : `, ${record.digest}`}`,
          ]
        : []),
      ...(run ? [`  run         ${run.phase}${blocked}`] : []),
      `  credential  ${secret.state}: ${secret.fix}`,
      '',
    ]
      // Paths and records are whatever somebody wrote into the repository.
      .map(printable)
      .join('\n')
  )
}
