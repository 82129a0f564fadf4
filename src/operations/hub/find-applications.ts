import type { Configuration } from '../../core/settings/configuration.ts'
import { placedName } from '../../core/application/application-place.ts'
import { onlyRendering } from '../../core/application/only-rendering.ts'
import { readApplication, type Application } from '../../core/application/read-application.ts'
import type { ApplicationState } from '../../core/run/observation.ts'
import type { Sha } from '../../core/run/run.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { Forge } from '../ports/forge.ts'
import { listApplications } from './list-applications.ts'

/** The systems to ask: the hub, and GitHub where somebody has it at hand. */
type Reading = Readonly<{ hub: Pick<Cluster, 'list'>; forge?: Pick<Forge, 'branchUse'> }>

/** The Applications of this repository; one whose `mismatch` is null renders one of `roots` from the base branch. */
export const findApplications = async (
  {
    ports,
    settings,
  }: Readonly<{
    ports: Reading
    settings: Readonly<{ repository: string | null; branch: string | null }>
  }>,
  { config, roots }: Readonly<{ config: Pick<Configuration, 'argocd'>; roots: readonly string[] }>,
): Promise<Seen<readonly Application[]>> => {
  const { repository, branch } = settings
  const found = await listApplications(ports.hub, config)
  if (found.seen !== 'present') return found
  const read = (isDefault: boolean): readonly Application[] =>
    found.value.flatMap(
      object => readApplication(object, { repository, branch, isDefault, roots }) ?? [],
    )
  const [all, named] = [read(true), read(false)]
  // Only where HEAD matters is it asked what it means.
  const isSame = all.every(({ mismatch }, index) => mismatch === named[index]?.mismatch)
  if (isSame || !ports.forge || branch === null) return present(all)
  const use = await ports.forge.branchUse(branch)
  return present(use.seen === 'present' && !use.value.isDefault ? named : all)
}

/** The one Application of a detach; absent when there is none, or more than one. */
export const observeApplication = async (
  context: Context,
  {
    config,
    roots,
    mergedAs,
  }: Readonly<{ config: Configuration; roots: readonly string[]; mergedAs: Sha | null }>,
): Promise<Seen<ApplicationState>> =>
  stateOf(context, await findApplications(context, { config, roots }), {
    mergedAs,
    controlPlane: config.argocd.namespace,
  })

/** How far the one Application of a detach is; absent when there is none, or more than one. */
export const stateOf = async (
  context: Context,
  found: Seen<readonly Application[]>,
  { mergedAs, controlPlane }: Readonly<{ mergedAs: Sha | null; controlPlane: string }>,
): Promise<Seen<ApplicationState>> => {
  if (found.seen !== 'present') return found
  const application = onlyRendering(found.value)
  if (!application) return absent
  const { revision, isRefreshing, isSyncing, status } = application
  const { conditions } = status
  const hasMerge =
    mergedAs !== null &&
    /^[0-9a-f]{40}$/.test(revision) &&
    (await context.ports.repository.isAncestor(mergedAs, revision).catch(() => false))
  const failing = conditions.filter(({ type }) => type.endsWith('Error'))
  const failed = failing.find(({ type }) => type === 'ComparisonError') ?? failing[0]
  return present({
    name: placedName(application, controlPlane),
    hasMerge,
    isRefreshing,
    // The exact words of appcontroller.go:2631-2642; there is no code to read instead.
    refusesToEmpty:
      !isSyncing &&
      conditions.some(({ message }) => message.includes('auto-sync will wipe out all resources')),
    reason: failed ? `${failed.type}: ${failed.message}` : null,
  })
}
