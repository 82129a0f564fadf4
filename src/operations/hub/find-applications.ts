import type { Configuration } from '../../core/settings/configuration.ts'
import { readApplication, type Application } from '../../core/application/read-application.ts'
import type { ApplicationState } from '../../core/run/observation.ts'
import type { Sha } from '../../core/run/run.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'

/** The Applications of this repository; one whose `mismatch` is null renders one of `roots` from the base branch. */
export const findApplications = async (
  { ports, settings }: Context,
  { config, roots }: Readonly<{ config: Configuration; roots: readonly string[] }>,
): Promise<Seen<readonly Application[]>> => {
  const found = await ports.hub.list({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    namespace: config.argocd.namespace,
  })
  return mapSeen(found, applications =>
    applications.flatMap(
      object =>
        readApplication(object, {
          repository: settings.repository,
          branch: settings.branch,
          roots,
        }) ?? [],
    ),
  )
}

/** The one Application of a detach; absent when there is none, or more than one. */
export const observeApplication = async (
  context: Context,
  {
    config,
    roots,
    mergedAs,
  }: Readonly<{ config: Configuration; roots: readonly string[]; mergedAs: Sha | null }>,
): Promise<Seen<ApplicationState>> => {
  const found = await findApplications(context, { config, roots })
  if (found.seen !== 'present') return found
  const [application, other] = found.value.filter(({ mismatch }) => mismatch === null)
  if (!application || other) return absent
  const { name, revision, isRefreshing, isSyncing, conditions } = application
  const hasMerge =
    mergedAs !== null &&
    /^[0-9a-f]{40}$/.test(revision) &&
    (await context.ports.repository.isAncestor(mergedAs, revision).catch(() => false))
  const failed = conditions.find(({ type }) => type.endsWith('Error'))
  return present({
    name,
    hasMerge,
    isRefreshing,
    // The exact words of appcontroller.go:2631-2642; there is no code to read instead.
    refusesToEmpty:
      !isSyncing &&
      conditions.some(({ message }) => message.includes('auto-sync will wipe out all resources')),
    reason: failed ? `${failed.type}: ${failed.message}` : null,
  })
}
