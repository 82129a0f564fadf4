import { stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { readYaml } from '../read-yaml.ts'
import { parseImageReference } from './image-reference.ts'

/** The annotation that ties a SeedGenerator to its cluster. */
const clusterAnnotation = 'sower.dev/cluster'

type SeedGenerator = Readonly<{ cluster: string; image: string; recertImage?: string | undefined }>

/**
 * The SeedGenerator manifest: the name is fixed by the API (types.go:30), the spec can never be changed
 * (types.go:38). Throws RefusedError IMAGE_INVALID.
 */
export const seedGeneratorManifest = ({ cluster, image, recertImage }: SeedGenerator): string =>
  stringify(
    {
      apiVersion: 'lca.openshift.io/v1',
      kind: 'SeedGenerator',
      metadata: { name: 'seedimage', annotations: { [clusterAnnotation]: cluster } },
      spec: {
        seedImage: parseImageReference(image).text,
        ...(recertImage === undefined ? {} : { recertImage }),
      },
    },
    // Go reads YAML 1.1, where a cluster called `no` must stand in quotes.
    { compat: 'yaml-1.1' },
  )

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

/**
 * Reads a committed SeedGenerator manifest. Throws RefusedError SEED_GENERATOR_INVALID when it is not one
 * for this cluster, and IMAGE_INVALID.
 */
export const readSeedGenerator = (text: string, cluster: string): SeedGenerator => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError(
      'SEED_GENERATOR_INVALID',
      `reading the SeedGenerator of ${cluster}: ${reason}`,
      {
        fix: `let Sower write seeds/${cluster}/seedgenerator.yaml`,
      },
    )
  const parsed = seedGeneratorObject.safeParse(readYaml(text, refuse))
  if (!parsed.success)
    throw refuse(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    )
  const { metadata, spec } = parsed.data
  if (metadata.annotations[clusterAnnotation] !== cluster)
    throw refuse(`its annotation ${clusterAnnotation} is not ${cluster}`)
  return {
    cluster,
    image: parseImageReference(spec.seedImage).text,
    recertImage: spec.recertImage,
  }
}
