import { z } from 'zod'

const texts = z.array(z.string()).nullish()
const text = z.string().default('').catch('')
const kinds = z.array(z.looseObject({ group: text, kind: text })).nullish()

/** A window of an AppProject in which syncs are allowed, or denied. */
const window = z.looseObject({
  kind: text,
  schedule: text,
  duration: text,
  timeZone: text,
  applications: texts,
  namespaces: texts,
  clusters: texts,
  manualSync: z.boolean().default(false),
  andOperator: z.boolean().default(false),
})

const project = z.looseObject({
  sourceRepos: texts,
  destinations: z.array(z.looseObject({ server: text, name: text, namespace: text })).nullish(),
  namespaceResourceWhitelist: kinds,
  namespaceResourceBlacklist: kinds,
  syncWindows: z.array(window).nullish(),
})

export type SyncWindow = z.infer<typeof window>

/** An AppProject, as far as it decides what an Application may do. */
export type Project = Readonly<{ name: string; spec: z.infer<typeof project> }>

/** Reads an AppProject object of Kubernetes. Null where it cannot be read. */
export const readProject = ({
  metadata: { name },
  spec,
}: Readonly<{ metadata: Readonly<{ name: string }>; spec?: unknown }>): Project | null => {
  const { data } = project.safeParse(spec ?? {})
  return data ? { name, spec: data } : null
}
