import type { Configuration } from '../../core/settings/configuration.ts'
import type { SeedImage } from '../../core/seedgen/prove-image.ts'
import { mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { names } from '../../core/names.ts'
import { parseImageReference } from '../../core/seedgen/image-reference.ts'
import type { PushAnswer } from '../../core/seedgen/push-problem.ts'
import { readOnSeed } from '../seed/connect-seed.ts'
import { agentNamespace } from '../seed/agent-namespace.ts'
import type { Context } from '../context.ts'
import { readHubSecret } from '../hub/read-hub-secret.ts'
import type { Cluster } from '../ports/cluster.ts'
import { seedSecretKey } from '../seed/observe-seed-generator.ts'

/** `seedgen` on the seed, and whether it holds the hub's value (base64; null: not compared). */
export const observeSeedSecret = async (
  seed: Cluster | null,
  { config, value }: Readonly<{ config: Configuration; value: string | null }>,
): Promise<Seen<Readonly<{ matches: boolean }>>> => {
  const agent = await agentNamespace(seed, config)
  if (agent.seen !== 'present') return agent
  const key = seedSecretKey(agent.value)
  // A controller on the seed would put the Secret back while the image is made (sealed-secrets
  // controller.go:203-236), so its SealedSecret counts as a Secret that is not ours.
  const sealed = await readOnSeed(seed, ({ read }) =>
    read({ ...key, apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' }),
  )
  if (sealed.seen === 'present') return present({ matches: false })
  if (sealed.seen === 'unknown' && sealed.why !== 'not-served') return sealed
  return mapSeen(await readOnSeed(seed, ({ read }) => read(key)), ({ data, metadata }) => ({
    matches:
      value !== null && data?.[names.authKey] === value && metadata.ownerReferences === undefined,
  }))
}

type Delivery = Readonly<{
  hubSecret: Seen<Readonly<{ reason: string | null }>>
  mayPush: Seen<PushAnswer>
  tag: Seen<string>
  seedSecret: Seen<Readonly<{ matches: boolean }>>
}>

/** Looks at everything that matters before the Secret and the SeedGenerator go to the seed. */
export const observeDelivery = async (
  context: Context,
  {
    config,
    image,
    seed,
    inGit = null,
  }: Readonly<{
    config: Configuration
    image: string
    seed: Cluster | null
    /** The digest of the sealed value in Git, where the hub must hold that very one. */
    inGit?: string | null
  }>,
): Promise<Delivery> => {
  const secret = await readHubSecret(context, { config, image, inGit })
  const credential = secret.seen === 'present' ? secret.value.credential : null
  const value = secret.seen === 'present' ? secret.value.value : null
  const reference = parseImageReference(image)
  const { registry } = context.ports
  const without = secret.seen === 'unknown' ? secret : unknown('unreachable')
  return {
    hubSecret: mapSeen(secret, ({ reason }) => ({ reason })),
    mayPush: credential ? await registry.mayPush(reference, credential) : without,
    tag: credential ? await registry.digest(reference, credential) : without,
    seedSecret: await observeSeedSecret(seed, { config, value }),
  }
}

/** The image of a run in the registry, asked with the hub's credential. */
export const observeImage = async (
  context: Context,
  { config, image }: Readonly<{ config: Configuration; image: string }>,
): Promise<Seen<SeedImage>> => {
  const secret = await readHubSecret(context, { config, image })
  if (secret.seen !== 'present' || !secret.value.credential) return unknown('forbidden')
  return context.ports.registry.inspect(parseImageReference(image), secret.value.credential)
}
