import { createHash } from 'node:crypto'
import type { BranchUse } from '../../core/preflight/git/branch-problem.ts'
import type { PushAnswer } from '../../core/seedgen/push-problem.ts'
import type { Seen } from '../../core/seen.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'
import type { Ports } from '../ports/ports.ts'

/** Ports whose reads are answered from memory for a while, and what makes them ask again. */
export type KeptPorts = Readonly<{
  ports: Ports
  /** The base branch moved: what Argo CD says is asked again. */
  forgetApplications: () => void
}>

/** How long an answer counts, and what time it is. Without an answer it is asked again earlier, then less and less often. */
export type Keeping = Readonly<{ milliseconds: number; now: () => Date }>

type Entry<T> = Readonly<{ until: number; silences: number; answer: Seen<T> }>
type Kept<T> = (key: string, ask: () => Promise<Seen<T>>) => Promise<Seen<T>>
type Keep = <T>(entries: Map<string, Entry<T>>) => Kept<T>

const mostDoublings = 4

/** Creates memories that are emptied together. Reads with the same key at the same time are one. */
const createKeep = ({
  milliseconds,
  now,
}: Keeping): Readonly<{ keep: Keep; forget: (prefix: string) => void }> => {
  const memories: Set<Pick<Map<string, unknown>, 'keys' | 'delete'>> = new Set()
  const keep = <T>(entries: Map<string, Entry<T>>): Kept<T> => {
    const asking = new Map<string, Promise<Seen<T>>>()
    memories.add(entries)
    return async (key, ask) => {
      const before = entries.get(key)
      if (before && now().getTime() < before.until) return before.answer
      const under = asking.get(key)
      if (under) return under
      const asked = ask().finally(() => {
        asking.delete(key)
      })
      asking.set(key, asked)
      const answer = await asked
      const silences = answer.seen === 'unknown' ? (before?.silences ?? 0) + 1 : 0
      // A minute of ten, then two, four, and eight.
      const part = silences === 0 ? 1 : 2 ** Math.min(silences - 1, mostDoublings) / 10
      const until = now().getTime() + milliseconds * Math.min(1, part)
      entries.set(key, { until, silences, answer })
      return answer
    }
  }
  return {
    keep,
    forget: prefix => {
      for (const memory of memories)
        for (const key of [...memory.keys()]) if (key.startsWith(prefix)) memory.delete(key)
    },
  }
}

const keptCluster = (cluster: Cluster, keep: Keep): Cluster => {
  const objects = keep(new Map<string, Entry<KubernetesObject>>())
  const lists = keep(new Map<string, Entry<readonly KubernetesObject[]>>())
  const rights = keep(new Map<string, Entry<boolean>>())
  const ready = keep(new Map<string, Entry<true>>())
  return {
    ...cluster,
    read: key =>
      objects([key.apiVersion, key.kind, key.namespace ?? '', key.name].join(' '), () =>
        cluster.read(key),
      ),
    list: of =>
      lists([of.apiVersion, of.kind, of.namespace ?? ''].join(' '), () => cluster.list(of)),
    summary: node => objects(`summary ${node}`, () => cluster.summary(node)),
    may: act => rights(JSON.stringify(act), () => cluster.may(act)),
    ready: () => ready('', () => cluster.ready()),
  }
}

/**
 * Wraps the reads of hub, seed and registry, and GitHub's word on branches: each answer counts for the given time, then it
 * is asked for again. Writes go through. A pull request that nobody touches costs one round of reads in that time.
 */
export const keepAnswers = (ports: Ports, keeping: Keeping): KeptPorts => {
  const { keep, forget } = createKeep(keeping)
  const seeds = new Map<string, Cluster>()
  const branches = keep(new Map<string, Entry<BranchUse>>())
  const rules = keep(new Map<string, Entry<readonly string[]>>())
  const uploads = keep(new Map<string, Entry<PushAnswer>>())
  const digests = keep(new Map<string, Entry<string>>())
  const tokens = keep(new Map<string, Entry<boolean>>())
  const { registry, forge, argocd } = ports
  return {
    forgetApplications: () => {
      forget('argoproj.io/')
    },
    ports: {
      ...ports,
      hub: keptCluster(ports.hub, keep),
      connect: kubeconfig => {
        const known = seeds.get(hashOf(kubeconfig))
        if (known) return known
        const connected = keptCluster(ports.connect(kubeconfig), keep)
        seeds.set(hashOf(kubeconfig), connected)
        return connected
      },
      forge: {
        ...forge,
        branchUse: branch => branches(branch, () => forge.branchUse(branch)),
        branchRules: branch => rules(branch, () => forge.branchRules(branch)),
      },
      argocd: argocd && {
        ...argocd,
        may: (action, application) =>
          tokens(`${action} ${application}`, () => argocd.may(action, application)),
      },
      registry: {
        ...registry,
        mayPush: (image, credential) =>
          uploads(hashOf(JSON.stringify([image.text, credential])), () =>
            registry.mayPush(image, credential),
          ),
        digest: (image, credential) =>
          digests(hashOf(JSON.stringify([image.text, credential])), () =>
            registry.digest(image, credential),
          ),
      },
    },
  }
}

/** A key that holds no credential. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
