import { stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { clusterName } from '../cluster/cluster-name.ts'
import { parseImageReference } from './image-reference.ts'

const requestFile = z.strictObject({
  apiVersion: z.literal('sower.dev/v1alpha1'),
  kind: z.literal('SeedRequest'),
  cluster: z.string().regex(clusterName, 'is not a valid cluster name'),
  image: z.string(),
})

/**
 * Reads `seeds/<cluster>/request.yaml`. Throws RefusedError REQUEST_INVALID, also when it names another
 * cluster than its directory, and IMAGE_INVALID.
 */
export const readRequest = (
  path: string,
  text: string,
): Readonly<{ cluster: string; image: string }> => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('REQUEST_INVALID', `reading ${path}: ${reason}`, {
      fix: 'write apiVersion: sower.dev/v1alpha1, kind: SeedRequest, cluster and image',
    })
  const parsed = requestFile.safeParse(readYaml(text, refuse))
  if (!parsed.success)
    throw refuse(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
    )
  const { cluster, image } = parsed.data
  if (path.split('/').at(-2) !== cluster)
    throw refuse(`it asks for ${cluster}, which is not the name of its directory`)
  return { cluster, image: parseImageReference(image).text }
}

/** The request file of a cluster, as `readRequest` reads it. */
export const requestManifest = ({
  cluster,
  image,
}: Readonly<{ cluster: string; image: string }>): string =>
  stringify(
    { apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRequest', cluster, image },
    // Go and older readers take YAML 1.1, where a name such as `no` must stand in quotes.
    { lineWidth: 0, compat: 'yaml-1.1' },
  )
