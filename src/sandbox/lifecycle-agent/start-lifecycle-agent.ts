import { z } from 'zod'
import { keyOf, type ObjectKey, type StoredObject } from '../kubernetes/object-store.ts'
import type { Controller, SeedCluster, World } from '../world.ts'
import { createKeyedQueue } from '../keyed-queue.ts'
import {
  cleanClusterResources,
  readPullSecret,
  sanitizePullSecret,
  writePullSecret,
} from './clean-cluster-resources.ts'
import {
  launchingMessage,
  seedGenerationPhaseOf,
  setSeedGeneration,
  type SeedGenerationState,
} from './set-seed-generation.ts'
import { runImager } from './run-imager.ts'
import { hideFromImage, restoreObjects } from './restore-objects.ts'
import { agentReleases, type AgentReleaseName } from './agent-release.ts'
import { failIfBroken, Failure, type LifecycleAgentFaults } from './lifecycle-agent-faults.ts'
import { seconds } from './seconds.ts'
import { rejectionOf } from './rejection-of.ts'
import { poolsAreReady, unhealthyParts } from './unhealthy-parts.ts'

const generatorKey = { apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator', name: 'seedimage' }

const specSchema = z.looseObject({
  spec: z.looseObject({
    seedImage: z.string().default(''),
    recertImage: z.string().default('quay.io/edge-infrastructure/recert:v0'),
  }),
})
const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()).default({}) })

/** The run ends here without a word: the CR went, or the sandbox stops. */
class Abandoned extends Error {}

/** Starts the Lifecycle Agent of one seed cluster (lifecycle-agent controllers/seedgen_controller.go). */
export const startLifecycleAgent = (
  { clock, tell }: World,
  seed: SeedCluster,
  {
    registryAuthority,
    namespace = 'openshift-lifecycle-agent',
    release = '4.22',
    faults = {},
  }: Readonly<{
    /** PEM of the authority that the node trusts for registries. */
    registryAuthority: string
    /** Any namespace with 5.0, which takes that of its pod. */
    namespace?: string
    release?: AgentReleaseName
    faults?: LifecycleAgentFaults
  }>,
): Controller => {
  const { store } = seed
  const traits = agentReleases[release]
  const attempt = (call: Parameters<typeof failIfBroken>[1]): void => {
    failIfBroken(faults, call)
  }
  const secretKey: ObjectKey = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'seedgen' }
  let isStopped = false
  const hasStopped = (): boolean => isStopped || clock.stopped()
  const say = (message: string, details: object = {}): void => {
    tell('lifecycle-agent', message, { cluster: seed.name, ...details })
  }
  const pause = async (duration: number): Promise<void> => {
    await clock.sleep(duration)
    if (hasStopped()) throw new Abandoned()
  }
  const write = (uid: string | undefined, state: SeedGenerationState): void => {
    if (store.get(generatorKey)?.metadata.uid !== uid) throw new Abandoned()
    store.change(generatorKey, generator => {
      setSeedGeneration(generator, { state, now: clock.now() })
    })
  }

  const waitForHealth = async (uid: string | undefined): Promise<void> => {
    write(uid, { is: 'running', message: 'Waiting for system to stabilize' })
    await pause(seconds.stabilize)
    for (;;) {
      const fault = faults.unhealthy?.()
      const parts = [...unhealthyParts(store, traits), ...(fault === undefined ? [] : [fault])]
      if (parts.length === 0) return
      const message = `Waiting for system to stabilize: ${traits.tellFailures(parts)}`
      write(uid, { is: 'running', message })
      await pause(20)
    }
  }

  const readAuthfile = (): string => {
    const secret = store.get(secretKey)
    if (!secret)
      throw new Failure(
        `could not access secret seedgen in ${namespace}: secrets "seedgen" not found`,
      )
    const authfile = secretSchema.parse(secret).data['seedAuth']
    if (authfile === undefined) throw new Failure('could not find seedAuth in seedgen secret')
    return Buffer.from(authfile, 'base64').toString()
  }

  /** Makes the image while the API is away; returns the exit code of the imager container. */
  const image = async (
    generator: StoredObject,
    { authfile, leaked }: Readonly<{ authfile: string; leaked: readonly StoredObject[] }>,
  ): Promise<number> => {
    const { seedImage, recertImage } = specSchema.parse(generator).spec
    await seed.setAvailable(false)
    say(`stopped the API of ${seed.name} and began to make the image`, { available: false })
    await pause(seconds.image)
    let exitCode = 0
    try {
      await runImager({
        seedImage,
        seed: { name: seed.name, version: seed.version, recertImage },
        authfile,
        etcd: [...store.list({ apiVersion: 'v1', kind: 'Secret' }), ...leaked],
        authority: registryAuthority,
        now: clock.now(),
      })
      say(`pushed ${seedImage}`, { image: seedImage })
    } catch (error) {
      exitCode = 1
      // Only `podman logs lca_image_builder` on the node has this.
      say(`failed to push ${seedImage}`, { error: error instanceof Error ? error.message : '' })
    }
    if (faults.restorationFails) exitCode = 1
    while (faults.apiStaysAway) await pause(3600)
    const sandboxes = traits.clearsSandboxes ? 0 : (faults.staleSandboxes ?? 0)
    await pause((faults.recoverySeconds ?? seconds.recover) + 60 * sandboxes)
    // recert gives the cluster new keys for its tokens; the authority of the admin's certificate stays.
    seed.endTokens?.()
    await seed.setAvailable(true)
    say(`brought the API of ${seed.name} back`, { available: true })
    return exitCode
  }

  const generate = async (generator: StoredObject): Promise<void> => {
    const { uid } = generator.metadata
    const progress = async (message: string, duration: number): Promise<void> => {
      write(uid, { is: 'running', message })
      await pause(duration)
    }
    const rejection = rejectionOf(store, faults)
    if (rejection !== undefined) throw new Failure(rejection)
    await waitForHealth(uid)
    say(`started to generate a seed image of ${seed.name}`)
    await progress('Starting seed generation', 2)
    for (const call of ['wipe before', 'remove container', 'make directory'] as const) attempt(call)
    await progress('Pulling recert image', seconds.pull)
    attempt('pull recert')
    await progress('Preparing for seed generation', seconds.prepare)
    const authfile = readAuthfile()
    attempt('write authfile')
    const pullSecret = readPullSecret(store)
    await progress('Cleaning cluster resources', 1)
    await cleanClusterResources(store, { pause })
    attempt('delete roles')
    attempt('delete Succeeded pods')
    attempt('delete Failed pods')
    const hasStuck = (): boolean => faults.pullSecretStays === true || !poolsAreReady(store)
    await sanitizePullSecret(store, { pause, hasStuck })
    try {
      attempt('delete machine configs')
      await pause(seconds.clean)
      await launch(uid, { authfile, pullSecret })
    } catch (error) {
      writePullSecret(store, pullSecret)
      throw error
    }
  }

  /** Hides the objects, has the image made, brings the objects back and tells the end. */
  const launch = async (
    uid: string | undefined,
    { authfile, pullSecret }: Readonly<{ authfile: string; pullSecret: string }>,
  ): Promise<void> => {
    write(uid, { is: 'running', message: launchingMessage })
    attempt('delete Secret')
    attempt('delete SeedGenerator')
    const secret = store.get(secretKey)
    const saved = store.get(generatorKey)
    if (!secret || !saved)
      throw new Failure('unable to delete seedgen secret CR: secrets "seedgen" not found')
    // Deleted so that they are not in the etcd that becomes part of the image (:898-918).
    const hidden = hideFromImage(store, { secret, generator: saved })
    say(`removed seedgen and the SeedGenerator from ${seed.name}`)
    try {
      for (const call of ['delete upgrade', 'start imager', 'keep imager'] as const) attempt(call)
    } catch (error) {
      hidden.leakedObjects()
      await restoreObjects(store, hidden, { say, pause })
      throw error
    }
    await pause(seconds.launch)
    const leaked = hidden.leakedObjects()
    for (const { kind, metadata } of leaked) {
      const object = `${kind}/${metadata.name}`
      say('baked the push credential into the image', { leaked: true, object })
    }
    const exitCode = await image(saved, { authfile, leaked })

    const created = await restoreObjects(store, hidden, { say, pause })
    writePullSecret(store, pullSecret)
    write(created.metadata.uid, { is: 'running', message: 'Finalizing seed generation' })
    await pause(seconds.finalize)
    const found = `${traits.exitCode} 0, found: ${exitCode}`
    if (exitCode !== 0) failIfBroken({ errors: { 'inspect imager': found } }, 'inspect imager')
    attempt('inspect imager')
    attempt('wipe after')
    write(created.metadata.uid, { is: 'completed' })
    say(`completed the seed image of ${seed.name}`)
  }

  const queue = createKeyedQueue(
    async () => {
      const generator = store.get(generatorKey)
      const phase = generator && seedGenerationPhaseOf(generator)
      if (!generator || (phase !== 'initial' && phase !== 'generating')) return
      try {
        await generate(generator)
      } catch (error) {
        if (error instanceof Abandoned) return
        if (!(error instanceof Failure)) throw error
        write(store.get(generatorKey)?.metadata.uid, { is: 'failed', cause: error.message })
        say(`failed to generate a seed image: ${error.message}`, { cause: error.message })
      }
    },
    (_, error) => {
      if (!(error instanceof Abandoned)) say('crashed', { error: String(error) })
    },
  )
  // Only create events count (:1114-1119); a start of the agent replays one.
  const unwatch = store.watch(({ type, object }) => {
    const { apiVersion, kind } = keyOf(object)
    if (type === 'ADDED' && kind === generatorKey.kind && apiVersion === generatorKey.apiVersion)
      queue.add(generatorKey.name)
  })
  queue.add(generatorKey.name)
  return {
    stop: async () => {
      isStopped = true
      unwatch()
      await queue.stop()
    },
  }
}
