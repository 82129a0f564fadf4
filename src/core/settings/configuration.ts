import { isMap, isNode, isScalar, LineCounter, type Document } from 'yaml'
import { z } from 'zod'
import { clusterName } from '../cluster/cluster-name.ts'
import { beyondReading, composeDocuments } from '../yaml/compose-documents.ts'
import { isGits } from '../is-gits.ts'
import { defaults } from './defaults.ts'
import { configurationPath } from './nearest-configuration.ts'
import { InputError } from '../../errors.ts'

const path = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\n]+$/, 'must be a path inside the repository')
  .refine(value => !value.split('/').some(isGits), 'must not lie in git’s own directory')
  .transform(value => value.replace(/^\.\//, '').replace(/\/$/, ''))
const kubernetesName = z.string().regex(clusterName, 'must be a Kubernetes name')
const role = z.enum(['write', 'maintain', 'admin'])
const named = z.string().regex(/^[\w.-]{1,100}$/, 'must be a login, or the slug of a team')
/** The role that a command needs, and the people or teams to whom it is kept, where it is. */
const permission = z
  .union(
    [
      role,
      z.strictObject({
        role: role.default('write'),
        users: z.array(named).default([]),
        teams: z.array(named).default([]),
      }),
    ],
    'must be write, maintain or admin, or a map of role, users and teams',
  )
  .transform(given => (typeof given === 'string' ? { role: given, users: [], teams: [] } : given))

/** A value of `expect` as the lines that a comparison knows: `true` is `on`. */
function expectedLines(value: string | boolean | number | readonly string[]): readonly string[] {
  if (typeof value === 'boolean') return [value ? 'on' : 'off']
  return typeof value === 'object' ? [...value].sort() : [String(value)]
}

/** The model of `sower.yaml`. */
export const configurationModel = z.strictObject({
  apiVersion: z.literal('sower.dev/v1alpha1'),
  kind: z.literal('Configuration'),
  /** The clusters that may be asked for. */
  seeds: z.array(kubernetesName).min(1),
  /** The directories that Argo CD renders; without it every kustomization that no other one lists. */
  roots: z.array(path).min(1).optional(),
  /** True if a proof by files will do for a root that needs a kustomize plugin which is not there. */
  acceptStaticProof: z.boolean().default(false),
  /** How an entry is commented out in a file that shows no style, and without a yamllint that asks for one. */
  commentStyle: z.enum(['#-', '# -']).default('#-'),
  /** Where Sower keeps requests, SeedGenerators and records. */
  directory: path.default(defaults.directory),
  /** The seed image, with `{cluster}` and `{version}`, for requests that name none. */
  image: z.string().optional(),
  /** The use that targets make of the image: an upgrade needs OADP on the seed. */
  imageFor: z.enum(['upgrade', 'install']).default('upgrade'),
  /** How the branch of a pull request must begin for Sower to push there. */
  branchPrefix: z.string().min(1).optional(),
  recertImage: z.string().optional(),
  secret: z
    .strictObject({
      namespace: kubernetesName.default(defaults.secret.namespace),
      name: kubernetesName.default(defaults.secret.name),
      /** Where the SealedSecret is in Git. */
      file: path.default(defaults.secret.file),
    })
    .prefault({}),
  /** How the commits of a run get to the base branch: by a push, or by pull requests that a person merges. */
  commit: z.enum(['push', 'pull-request']).default('push'),
  /** The one who merges the pull requests that Sower opens for its own commits. */
  merge: z.enum(['person', 'sower']).default('person'),
  /** How it gets to the seed. Argo CD resumes a sync that was interrupted (appcontroller.go, processRequestedAppOperation). */
  delivery: z
    .enum(['direct'], 'must be direct: a sync of Argo CD may happen twice (docs/limits.md)')
    .default('direct'),
  argocd: z
    .strictObject({
      namespace: kubernetesName.default(defaults.argocdNamespace),
      /** Further namespaces in which Argo CD takes Applications (`application.namespaces`). */
      applicationNamespaces: z.array(kubernetesName).default([]),
    })
    .prefault({}),
  /** Counts only where no ClusterServiceVersion on the seed says where the Lifecycle Agent is. */
  lifecycleAgent: z
    .strictObject({ namespace: kubernetesName.default(defaults.lifecycleAgentNamespace) })
    .prefault({}),
  /** The values of every target, by the names of the rows of docs/compare.md, for `sower compare`. */
  expect: z
    .record(
      z.string(),
      z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]).transform(expectedLines),
    )
    .optional(),
  compare: z
    .strictObject({
      /** `Kind namespace/name` of objects that may be in the seed image. */
      accept: z.array(z.string()).default([]),
      /** The ConfigMap for the extra manifests of a target. */
      configMap: z
        .string()
        .regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/, 'must be namespace/name')
        .default(defaults.extraManifests),
    })
    .prefault({}),
  /** The manifests that name the seed image for its users, for `sower promote`. */
  promote: z
    .array(
      z
        .strictObject({
          file: path,
          /** Only for images of this seed; without it, of every one. */
          seed: kubernetesName.optional(),
          /** The keys that lead to the image, in a kind that has no field of its own for it. */
          image: z.array(z.string().min(1)).min(1).optional(),
          /** The same for the version. */
          version: z.array(z.string().min(1)).min(1).optional(),
        })
        .refine(
          ({ image, version }) => (image === undefined) === (version === undefined),
          'image and version are named together',
        ),
    )
    .default([]),
  scan: z.strictObject({ failOnKnownSecrets: z.boolean().default(false) }).prefault({}),
  /** The repository permission that a command needs. */
  permissions: z
    .strictObject({
      detach: permission.prefault('write'),
      retry: permission.prefault('write'),
      abort: permission.prefault('write'),
      promote: permission.prefault('write'),
    })
    .prefault({}),
})

export type Configuration = Readonly<
  Omit<z.infer<typeof configurationModel>, 'roots'> & { roots: readonly string[] }
>

/**
 * Reads `sower.yaml`; `rootsWithout` gives the roots where it names none. Throws InputError
 * CONFIGURATION_INVALID that names line, key and what is expected.
 */
export const readConfiguration = (
  text: string,
  rootsWithout: () => readonly string[],
): Configuration => {
  const refuse = (line: number, reason: string): InputError =>
    new InputError('CONFIGURATION_INVALID', `reading ${configurationPath}:${line}: ${reason}`, {
      fix: 'see docs/configuration.md',
    })
  const lines = new LineCounter()
  const documents = composeDocuments(text, { uniqueKeys: true, lines })
  if (!documents) throw refuse(1, beyondReading)
  const [document, second] = documents
  if (second) throw refuse(lines.linePos(second.range[0]).line, 'a second YAML document begins')
  const [error] = document?.errors ?? []
  if (error) throw refuse(lines.linePos(error.pos[0]).line, error.message)
  let value: unknown
  try {
    value = document?.toJS() ?? null
  } catch {
    throw refuse(1, 'an alias in it leads nowhere, or too many stand in it')
  }
  const parsed = configurationModel.safeParse(value)
  if (parsed.success) return { ...parsed.data, roots: parsed.data.roots ?? rootsWithout() }
  const [first = refuse(1, 'the file is invalid')] = parsed.error.issues.map(issue => {
    const path = issue.path.map(String)
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    return refuse(
      lines.linePos(offsetOf(document, path, unknownKey[0])).line,
      `${[...path, ...unknownKey].join('.') || 'the file'}: ${issue.message}`,
    )
  })
  throw first
}

/** Where the value of a path stands, or the key in it that should not be there; else the beginning. */
const offsetOf = (
  document: Document | undefined,
  path: readonly string[],
  key: string | undefined,
): number => {
  const value = document?.getIn(path, true)
  const found = isMap(value)
    ? value.items.map(pair => pair.key).find(name => isScalar(name) && String(name.value) === key)
    : undefined
  return [found, value].find(isNode)?.range?.[0] ?? 0
}
