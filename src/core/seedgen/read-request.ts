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
  adopt: z.boolean().optional(),
})

/** The request in a request file. */
export type SeedRequest = Readonly<{
  cluster: string
  image: string
  /** The seed is detached already, by hand, or was never on a hub. */
  adopt?: boolean
}>

/**
 * Reads `seeds/<cluster>/request.yaml`. `adopt` is there only where the seed is to be taken as it is. Throws RefusedError REQUEST_INVALID, also when it names another
 * cluster than its directory, and IMAGE_INVALID.
 */
export const readRequest = (path: string, text: string): SeedRequest => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('REQUEST_INVALID', `reading ${path}: ${reason}`, {
      fix: 'write apiVersion: sower.dev/v1alpha1, kind: SeedRequest, cluster and image; `adopt: true` beside them for a seed that is detached already',
    })
  const parsed = requestFile.safeParse(readYaml(text, refuse))
  if (!parsed.success)
    throw refuse(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
    )
  const { cluster, image, adopt } = parsed.data
  if (path.split('/').at(-2) !== cluster)
    throw refuse(`it asks for ${cluster}, which is not the name of its directory`)
  return {
    ...{ cluster, image: parseImageReference(image).text },
    ...(adopt === true ? { adopt } : {}),
  }
}

/** The request file of a cluster, as `readRequest` reads it. */
export const requestManifest = ({ cluster, image, adopt = false }: SeedRequest): string =>
  stringify(
    {
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRequest', cluster, image },
      ...(adopt ? { adopt } : {}),
    },
    // Go and older readers take YAML 1.1, where a name such as `no` must stand in quotes.
    { lineWidth: 0, compat: 'yaml-1.1' },
  )
