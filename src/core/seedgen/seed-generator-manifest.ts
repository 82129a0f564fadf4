import { stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { fieldsOf } from '../yaml/fields-of.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import { names } from '../names.ts'
import { printable } from '../printable.ts'
import { parseImageReference, readImageReference } from './image-reference.ts'

type SeedGenerator = Readonly<{ cluster: string; image: string; recertImage?: string | undefined }>

/**
 * The SeedGenerator manifest: the name is fixed by the API (types.go:30), the spec can never be changed
 * (types.go:38). Throws RefusedError IMAGE_INVALID.
 */
export const seedGeneratorManifest = (of: SeedGenerator): string =>
  // Go reads YAML 1.1, where a cluster called `no` must stand in quotes.
  stringify(seedGeneratorOf(of), { compat: 'yaml-1.1' })

/** The same as an object. */
export const seedGeneratorOf = ({
  cluster,
  image,
  recertImage,
}: SeedGenerator): Readonly<{
  apiVersion: string
  kind: string
  metadata: object
  spec: object
}> => ({
  apiVersion: 'lca.openshift.io/v1',
  kind: 'SeedGenerator',
  metadata: { name: names.seedGenerator, annotations: { [names.clusterAnnotation]: cluster } },
  spec: {
    seedImage: parseImageReference(image).text,
    ...(recertImage === undefined ? {} : { recertImage }),
  },
})

/** The kustomization beside it. */
export const seedKustomization = (): string =>
  stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['seedgenerator.yaml'],
  })

const seedGeneratorObject = z.looseObject({
  apiVersion: z.literal('lca.openshift.io/v1'),
  kind: z.literal('SeedGenerator'),
  metadata: z.looseObject({
    name: z.literal('seedimage'),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.strictObject({ seedImage: z.string(), recertImage: z.string().optional() }),
})

/** The problem with a SeedGenerator as one for this cluster; null where it is right. It shows no value. */
export const seedGeneratorProblem = (object: unknown, cluster: string): string | null => {
  const spec = specOf(object, cluster)
  if (typeof spec === 'string') return spec
  const image = readImageReference(spec.seedImage)
  return typeof image === 'string' ? `its seedImage: ${image}` : null
}

type Spec = z.infer<typeof seedGeneratorObject>['spec']

const specOf = (object: unknown, cluster: string): Spec | string => {
  const parsed = seedGeneratorObject.safeParse(object)
  if (!parsed.success)
    return parsed.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ')
  const { metadata, spec } = parsed.data
  return metadata.annotations[names.clusterAnnotation] === cluster
    ? spec
    : `its annotation ${names.clusterAnnotation} is not ${cluster}`
}

/**
 * Compares a committed manifest with the one that Sower would write, field by field: the fields that differ, or null.
 * Throws RefusedError SEED_GENERATOR_INVALID when it is not one for this cluster, and IMAGE_INVALID.
 */
export const compareSeedGenerator = (text: string, wanted: SeedGenerator): string | null => {
  const { cluster } = wanted
  const refuse = (reason: string): RefusedError =>
    new RefusedError(
      'SEED_GENERATOR_INVALID',
      `reading the SeedGenerator of ${cluster}: ${reason}`,
      { fix: `let Sower write seeds/${cluster}/seedgenerator.yaml` },
    )
  const object = readYaml(text, refuse)
  const spec = specOf(object, cluster)
  if (typeof spec === 'string') throw refuse(spec)
  parseImageReference(spec.seedImage)
  const fields = differentFields(object, seedGeneratorOf(wanted))
  return fields.length === 0 ? null : printable(fields.join(', '))
}

/** The paths of the fields in which two values differ, as deep as both are mappings. */
const differentFields = (is: unknown, wanted: unknown): readonly string[] => {
  if (isDeepEqual(is, wanted)) return []
  const [mine, theirs] = [fieldsOf(is), fieldsOf(wanted)]
  if (mine.size === 0 || theirs.size === 0) return ['']
  return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap(key =>
    differentFields(mine.get(key), theirs.get(key)).map(below =>
      below === '' ? key : `${key}.${below}`,
    ),
  )
}
