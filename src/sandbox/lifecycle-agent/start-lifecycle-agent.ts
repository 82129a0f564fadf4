import { z } from 'zod'
import { keyOf, type ObjectKey, type StoredObject } from '../kubernetes/object-store.ts'
import type { Controller, SeedCluster, World } from '../world.ts'
import { createKeyedQueue } from '../keyed-queue.ts'
import { cleanClusterResources, sanitizePullSecret } from './clean-cluster-resources.ts'
import {
  launchingMessage,
  seedGenerationPhaseOf,
  setSeedGeneration,
  type SeedGenerationState,
} from './set-seed-generation.ts'
import { runImager } from './run-imager.ts'
import { hideFromImage, restoreObjects } from './restore-objects.ts'
import { rejectionOf, unhealthyParts } from './rejection-of.ts'

/** The faults that can be injected. */
export type LifecycleAgentFaults = Readonly<{
  /** A health check that fails as long as this answers with a text. */
  unhealthy?: () => string | undefined
  /** The container exits with 1 after it has pushed the image. */
  restorationFails?: boolean
  /** Seconds from the end of the imager to the return of the API, instead of the usual. */
  recoverySeconds?: number
}>

const generatorKey = { apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator', name: 'seedimage' }

// A single-node lab cluster with OpenShift 4.18 took 6 min 47 s in all; these add up to it.
const seconds = {
  stabilize: 5,
  pull: 20,
  prepare: 10,
  clean: 50,
  launch: 30,
  image: 210,
  recover: 72,
  finalize: 10,
}

const specSchema = z.looseObject({
  spec: z.looseObject({
    seedImage: z.string().default(''),
    recertImage: z.string().default('quay.io/edge-infrastructure/recert:v0'),
  }),
})
const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()).default({}) })

/** The run ends here without a word: the CR went, or the sandbox stops. */
class Abandoned extends Error {}
/** The run ends as failed, with this cause in its conditions. */
class Failure extends Error {}

/** Starts the Lifecycle Agent of one seed cluster (lifecycle-agent controllers/seedgen_controller.go). */
export const startLifecycleAgent = (
  { clock, tell }: World,
  seed: SeedCluster,
  {
    registryAuthority,
    namespace = 'openshift-lifecycle-agent',
    faults = {},
  }: Readonly<{
    /** PEM of the authority that the node trusts for registries. */
    registryAuthority: string
    namespace?: string
    faults?: LifecycleAgentFaults
  }>,
): Controller => {
  const { store } = seed
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
      const parts = [...unhealthyParts(store), ...(fault === undefined ? [] : [fault])]
      if (parts.length === 0) return
      const message = `Waiting for system to stabilize: one or more health checks failed: ${parts.join('; ')}`
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
    await pause(faults.recoverySeconds ?? seconds.recover)
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
    const rejection = rejectionOf(store)
    if (rejection !== undefined) throw new Failure(rejection)
    await waitForHealth(uid)
    say(`started to generate a seed image of ${seed.name}`)
    await progress('Starting seed generation', 2)
    await progress('Pulling recert image', seconds.pull)
    await progress('Preparing for seed generation', seconds.prepare)
    const authfile = readAuthfile()
    await progress('Cleaning cluster resources', 1)
    cleanClusterResources(store)
    const restorePullSecret = sanitizePullSecret(store)
    await pause(seconds.clean)

    write(uid, { is: 'running', message: launchingMessage })
    const secret = store.get(secretKey)
    const saved = store.get(generatorKey)
    if (!secret || !saved) throw new Failure('unexpected return from launching imager container')
    // Deleted so that they are not in the etcd that becomes part of the image (:898-918).
    const hidden = hideFromImage(store, { secret, generator: saved })
    say(`removed seedgen and the SeedGenerator from ${seed.name}`)
    await pause(seconds.launch)
    const leaked = hidden.leakedObjects()
    for (const { kind, metadata } of leaked) {
      const object = `${kind}/${metadata.name}`
      say('baked the push credential into the image', { leaked: true, object })
    }
    const exitCode = await image(saved, { authfile, leaked })

    const created = await restoreObjects(store, hidden, { say, pause })
    restorePullSecret()
    write(created.metadata.uid, { is: 'running', message: 'Finalizing seed generation' })
    await pause(seconds.finalize)
    if (exitCode !== 0)
      throw new Failure(
        `imager container status check failed: expected container exit code 0, found: ${exitCode}`,
      )
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
