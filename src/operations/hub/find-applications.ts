import { z } from 'zod'
import type { Configuration } from '../../core/settings/configuration.ts'
import type { ApplicationState } from '../../core/run/observation.ts'
import type { Sha } from '../../core/run/run.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'

const source = z.looseObject({ repoURL: z.string(), path: z.string().default('') })
const applicationSpec = z.looseObject({
  source: source.optional(),
  sources: z.array(source).default([]),
  syncPolicy: z
    .looseObject({
      automated: z
        .looseObject({
          prune: z.boolean().default(false),
          allowEmpty: z.boolean().default(false),
          enabled: z.boolean().default(true),
        })
        .nullish(),
    })
    .optional(),
})
const applicationStatus = z.looseObject({
  sync: z
    .looseObject({ status: z.string().default(''), revision: z.string().default('') })
    .optional(),
  operationState: z.looseObject({ phase: z.string().default('') }).optional(),
  conditions: z
    .array(z.looseObject({ type: z.string(), message: z.string().default('') }))
    .default([]),
})

export type Application = Readonly<{
  name: string
  namespace: string
  prunes: boolean
  allowsEmpty: boolean
  revision: string
  isRefreshing: boolean
  /** An operation is asked for or under way. */
  isSyncing: boolean
  conditions: readonly Readonly<{ type: string; message: string }>[]
}>

/** The Applications that render one of the roots of this repository. */
export const findApplications = async (
  { ports, settings }: Context,
  { config, roots }: Readonly<{ config: Configuration; roots: readonly string[] }>,
): Promise<Seen<readonly Application[]>> => {
  const { namespace } = config.argocd
  const found = await ports.hub.list({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    namespace,
  })
  return mapSeen(found, applications =>
    applications.flatMap(({ metadata, spec, status, operation }): readonly Application[] => {
      const parsed = applicationSpec.safeParse(spec)
      if (!parsed.success) return []
      const sources = parsed.data.source ? [parsed.data.source] : parsed.data.sources
      const isOurs = sources.some(
        ({ repoURL, path }) =>
          repoURL
            .replace(/\.git$/, '')
            .replace(':', '/')
            .endsWith(`/${settings.repository}`) &&
          roots.includes(path.replace(/^\.\//, '').replace(/\/$/, '')),
      )
      if (!isOurs) return []
      const automated = parsed.data.syncPolicy?.automated
      const { sync, conditions, operationState } = applicationStatus.parse(status ?? {})
      return [
        {
          name: metadata.name,
          namespace,
          prunes: automated?.prune === true && automated.enabled,
          allowsEmpty: automated?.allowEmpty === true,
          revision: sync?.revision ?? '',
          isRefreshing: metadata.annotations?.['argocd.argoproj.io/refresh'] !== undefined,
          isSyncing: operation !== undefined || operationState?.phase === 'Running',
          conditions,
        },
      ]
    }),
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
  const [application, other] = found.value
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
