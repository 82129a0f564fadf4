import { z } from 'zod'

const text = z.string().default('').catch('')
const source = z.looseObject({
  repoURL: z.string(),
  path: z.string().optional(),
  targetRevision: text,
})
const target = z.looseObject({ targetBranch: z.string() })

/** The spec of an Application, as far as Sower reads it (pkg/apis/application/v1alpha1/types.go). */
export const applicationSpec = z.looseObject({
  project: text,
  source: source.nullish(),
  sources: z.array(source).nullish(),
  /** Reads one branch, and has Argo CD push what it rendered to others of the same repository. */
  sourceHydrator: z
    .looseObject({ drySource: source, syncSource: target, hydrateTo: target.nullish() })
    .nullish(),
  destination: z.looseObject({ server: text, name: text, namespace: text }).optional(),
  ignoreDifferences: z
    .array(z.looseObject({ group: text, kind: text, name: text, namespace: text }))
    .nullish()
    .catch(null),
  syncPolicy: z
    .looseObject({
      automated: z
        .looseObject({
          prune: z.boolean().default(false),
          allowEmpty: z.boolean().default(false),
          enabled: z.boolean().default(true),
        })
        .nullish(),
      syncOptions: z.array(z.string()).nullish(),
      retry: z
        .looseObject({ limit: z.number().default(0), refresh: z.boolean().default(false) })
        .nullish()
        .catch(null),
    })
    .nullish(),
})

export type Source = z.infer<typeof source>
export type ApplicationSpec = z.infer<typeof applicationSpec>

/**
 * The sources that count: `sources` where it has an entry, and `source` is ignored then (types.go, GetSources). A
 * hydrated Application has neither.
 */
export const sourcesOf = ({ source, sources }: ApplicationSpec): readonly Source[] =>
  sources?.length ? sources : [source ?? []].flat()
