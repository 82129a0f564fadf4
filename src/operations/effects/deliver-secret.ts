import type { Run } from '../../core/run/run.ts'
import type { EffectResult } from '../../core/run/settle.ts'
import { names } from '../../core/names.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { readHubSecret } from '../hub/read-hub-secret.ts'
import { credentialInGit } from '../preflight/spent-before.ts'
import { agentNamespace } from '../seed/agent-namespace.ts'
import { clusterIdIn, versionKey } from '../seed/read-seed-version.ts'
import { readVersions } from '../seed/read-versions.ts'
import { readTraits } from '../seed/read-traits.ts'
import { seedSecretKey } from '../seed/observe-seed-generator.ts'

/**
 * Copies the unsealed value to `seedgen` on the seed: created, never replaced, without owner or notes, for
 * the Lifecycle Agent saves the whole object (seedgen_controller.go:806-818). Throws RefusedError
 * SECRET_NOT_READY, UnavailableError ACCESS_MISSING or what creating it throws.
 * Returns what the generation uses up, for the record.
 */
export const deliverSecret = async (
  context: Context,
  run: Run,
): Promise<NonNullable<EffectResult['uses']>> => {
  const { cluster, image } = run.request
  const base = await readBase(context)
  const { config } = base
  const secret = await readHubSecret(context, { config, image, inGit: credentialInGit(base) })
  const seed = await connectSeed(context, cluster)
  const agent = await agentNamespace(seed, config)
  if (secret.seen === 'unknown' || !seed || agent.seen !== 'present')
    throw new UnavailableError(
      'ACCESS_MISSING',
      `delivering seedgen to ${cluster}: hub or seed gave no answer`,
    )
  const value = secret.seen === 'present' ? secret.value.value : null
  if (value === null)
    throw new RefusedError(
      'SECRET_NOT_READY',
      `delivering seedgen to ${cluster}: ${secret.seen === 'present' ? secret.value.reason : 'it is not unsealed on the hub'}`,
      {
        fix: 'seal the authfile with `sower seal`, commit it, and let Argo CD sync it to the hub',
      },
    )
  const { name, namespace = '' } = seedSecretKey(agent.value)
  const clusterVersion = await seed.read(versionKey)
  const clusterID = clusterIdIn(clusterVersion)
  const [versions, traits] = await Promise.all([
    readVersions(seed, clusterVersion),
    readTraits(seed),
  ])
  const uses = { clusterID, sealedSecretDigest: credentialInGit(base), versions, traits }
  await seed.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: { [names.authKey]: value },
  })
  return uses
}
