import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Trouble as OfGitHub } from '../../../src/sandbox/github/start-github.ts'
import { ApiError } from '../../../src/sandbox/kubernetes/api-error.ts'
import type { ApiTrouble, ApiTroubleOf } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import { RegistryError } from '../../../src/sandbox/registry/registry-error.ts'
import { oneIn } from '../one-in.ts'
import { fullDisk } from './full-disk.ts'
import { steppingClock } from './stepping-clock.ts'
import { webhookRelay } from './webhook-relay.ts'
import type { RunUnderWay, Trouble, WholeRunOptions } from './whole-run.ts'

/** Counts what happens. */
const counter = () => {
  const counts: Record<string, number> = {}
  return {
    happened: () => counts,
    count: (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1
    },
  }
}

/**
 * Something that is so for some seconds, again and again; hears each time that it begins or ends. The calm has to be longer
 * than the half minute in which each look at the hub and the seed is to find the cluster gone.
 */
const again = (
  [calm, bad]: readonly [number, number],
  turn: (isBad: boolean, run: RunUnderWay) => void | Promise<void>,
): NonNullable<WholeRunOptions['meanwhile']> => {
  let [isBad, at] = [false, Infinity]
  return async run => {
    if (at === Infinity) at = Date.now() + calm * 1000
    if (Date.now() < at) return
    isBad = !isBad
    at = Date.now() + (isBad ? bad : calm) * 1000
    await turn(isBad, run)
  }
}

const webhooks = (): Trouble => {
  const counts = new Map<string, number>()
  return {
    words: { '--news-interval': '3' },
    happened: () => Object.fromEntries(counts),
    trouble: async ({ t, hub, words }) => {
      const address = words[words.indexOf('--listen') + 1] ?? ''
      const relay = await webhookRelay(t, `http://${address}/webhook`, counts)
      hub.deliverTo(relay.url)
    },
  }
}

/** Some of the bot's calls of GitHub go wrong in one of these ways. */
const gitHub =
  (number: number, ...kinds: readonly Extract<OfGitHub, string>[]) =>
  (): Trouble => {
    const { happened, count } = counter()
    const next = oneIn(number, ...kinds)
    return {
      happened,
      trouble: ({ hub }) => {
        hub.sandbox.gitHub.setTrouble(({ login }) => {
          const kind = login === 'sower[bot]' ? next() : null
          if (kind !== null) count(`GitHub ${kind}`)
          return kind
        })
      },
    }
  }

const token = (): Trouble => {
  const { happened, count } = counter()
  return {
    happened,
    meanwhile: again([12, 8], (isBad, { hub }) => {
      writeFileSync(join(hub.secrets, 'token'), isBad ? 'expired' : 'token-of-sower')
      if (isBad) count('the token expired')
    }),
  }
}

const git = (number: number) => (): Trouble => {
  const { happened, count } = counter()
  const next = oneIn(number, 'lost')
  return {
    happened,
    trouble: ({ hub, phase }) => {
      hub.sandbox.gitHub.setBefore(async ({ path }) => {
        // A person pushes before there is a run.
        if (phase() === '' || !/\.git\//.test(path) || next() === null) return
        count('git lost')
        throw new Error('the connection is lost')
      })
    },
  }
}

const conflict = (): ApiError =>
  new ApiError(409, 'Conflict', 'the object has been modified; please apply your changes again')
const troublesOfApi = {
  lost: (): ApiTrouble => 'lost',
  cut: (): ApiTrouble => 'cut',
  slow: (): ApiTrouble => 'slow',
  'internal error': (): ApiTrouble => new ApiError(500, 'InternalError', 'etcdserver: timeout'),
  'too many requests': (): ApiTrouble =>
    new ApiError(429, 'TooManyRequests', 'the server has received too many requests'),
  conflict,
} as const satisfies Readonly<Record<string, () => ApiTrouble>>
type OfApi = keyof typeof troublesOfApi

/** For some seconds, again and again, calls of an API go wrong in one of these ways. */
const calls =
  (which: 'hub' | 'seed', number: number, ...kinds: readonly OfApi[]) =>
  (): Trouble => {
    const { happened, count } = counter()
    const next = oneIn(number, ...kinds)
    let isBad = true
    const troubleOf: ApiTroubleOf = ({ method }) => {
      const kind = isBad ? next() : null
      if (kind === null) return null
      count(`${which} ${kind}${method === 'GET' ? '' : ' at a write'}`)
      return troublesOfApi[kind]()
    }
    return {
      happened,
      trouble: ({ hub: { sandbox } }) => {
        if (which === 'hub') sandbox.hubApi.setTrouble(troubleOf)
        else for (const seed of sandbox.seeds.values()) seed.setTrouble?.(troubleOf)
      },
      meanwhile: again([10, 45], isCalm => {
        isBad = !isCalm
      }),
    }
  }

const conflicts = (): Trouble => {
  const { happened, count } = counter()
  const next = oneIn(3, 'conflict')
  return {
    happened,
    trouble: ({ hub }) => {
      hub.sandbox.hubApi.setTrouble(({ method, path }) => {
        const isOurs = /\/(?:seedruns|leases)\//.test(path) && method !== 'GET'
        if (!isOurs || next() === null) return null
        count(`conflict of ${path.includes('leases') ? 'the Lease' : 'a run'}`)
        return conflict()
      })
    },
  }
}

const hubAway = (): Trouble => {
  const { happened, count } = counter()
  return {
    happened,
    meanwhile: again([45, 6], async (isBad, { hub }) => {
      await hub.sandbox.hubApi.setAvailable(!isBad)
      if (isBad) count('the hub was away')
    }),
  }
}

const cutWatches = (): Trouble => {
  const { happened, count } = counter()
  return {
    happened,
    meanwhile: again([2, 0], (_isBad, { hub }) => {
      if (hub.sandbox.hubApi.endWatches() > 0) count('watches cut, their events forgotten')
    }),
  }
}

const expiredWatches = (): Trouble => {
  const { happened, count } = counter()
  const next = oneIn(3, 'gone')
  return {
    happened,
    trouble: ({ hub }) => {
      hub.sandbox.hubApi.setTrouble(({ isWatch }) => {
        if (!isWatch || next() === null) return null
        count('watch 410')
        return new ApiError(410, 'Expired', 'too old resource version')
      })
    },
  }
}

/** The seed's API is away until the image is made; the Lifecycle Agent takes it away itself then. */
const seedAway = (): Trouble => {
  const { happened, count } = counter()
  let isAway = false
  return {
    happened,
    trouble: ({ hub }) => {
      for (const seed of hub.sandbox.seeds.values())
        seed.setTrouble?.(() => {
          if (!isAway) return null
          count('seed lost')
          return 'lost'
        })
    },
    meanwhile: again([45, 6], isBad => {
      isAway = isBad
    }),
  }
}

const registry = (): Trouble => {
  const { happened, count } = counter()
  const next = oneIn(2, 500, 502, 503, 429)
  return {
    happened,
    trouble: ({ hub, phase }) => {
      hub.sandbox.registry.setTrouble(({ method, path }) => {
        // The Lifecycle Agent pushes meanwhile.
        if (phase() === 'Generating' || !['GET', 'HEAD'].includes(method)) return null
        const status = path.includes('/manifests/') ? next() : null
        if (status === null) return null
        count(`registry ${status}`)
        return new RegistryError(status, 'UNKNOWN', 'unknown error')
      })
    },
  }
}

/** Two bots, one of which acts at a time; the Lease is taken from it again and again. */
const twoBots = (): Trouble => {
  const counts: Record<string, number> = {}
  return {
    bots: 2,
    words: { '--news-interval': '2' },
    happened: () => counts,
    meanwhile: async run => {
      await free(run)
      run.bots.forEach(({ log }, index) => {
        counts[`bot ${index + 1} acted`] = log.filter(({ msg }) => msg === 'this bot acts').length
      })
    },
  }
}
const free = again([7, 0], (_isBad, { hub }) => {
  hub.freeLease()
})

const intentOf = z.object({
  status: z.object({ intent: z.object({ effect: z.object({ do: z.string() }) }) }),
})
/** As long as the manifests let the kubelet wait. */
const patience = 60_000

/** The bot that acts is asked to end as it begins an effect; the other goes on. */
const terminated = (): Trouble => {
  const counts: Record<string, number> = { 'asked to end': 0, 'ended well': 0 }
  return {
    bots: 2,
    words: { '--news-interval': '3' },
    happened: () => counts,
    trouble: ({ hub, bots }) => {
      hub.sandbox.hub.watch(({ object }) => {
        const intent = object.kind === 'SeedRun' ? intentOf.safeParse(object).data : undefined
        if (intent?.status.intent.effect.do !== 'record-merge' || counts['asked to end'] === 1)
          return
        const acting = bots.find(
          ({ log }) => log.findLast(({ msg }) => / acts\b/.test(msg))?.msg === 'this bot acts',
        )
        if (!acting) return
        counts['asked to end'] = 1
        acting.signalBot('SIGTERM')
        const timer = setTimeout(() => {
          acting.signalAll('SIGKILL')
        }, patience)
        void acting.ended.then(code => {
          clearTimeout(timer)
          const isOver = acting.log.some(
            ({ msg, effect }) =>
              /^effect (?:done|failed)$/.test(msg) && effect?.do === 'record-merge',
          )
          if (code === 0) counts['ended well'] = 1
          if (isOver) counts['after the effect'] = 1
        })
      })
    },
  }
}

/** Several troubles at once; each has something else to spoil. */
const together =
  (...all: readonly (() => Trouble)[]) =>
  (): Trouble => {
    const begun = all.map(begin => begin())
    return {
      bots: Math.max(...begun.map(({ bots = 1 }) => bots)),
      words: Object.fromEntries(begun.flatMap(({ words = {} }) => Object.entries(words))),
      happened: () =>
        Object.fromEntries(begun.flatMap(({ happened }) => Object.entries(happened()))),
      trouble: async run => {
        for (const { trouble } of begun) await trouble?.(run)
      },
      meanwhile: async run => {
        for (const { meanwhile } of begun) await meanwhile?.(run)
      },
    }
  }

/** Most of them at once, each seldom. */
export const storm = together(
  terminated,
  webhooks,
  gitHub(9, 'server-error', 'cut', 'bad-gateway', 'slow'),
  git(12),
  calls('hub', 8, 'lost', 'cut', 'slow', 'internal error', 'too many requests', 'conflict'),
  cutWatches,
  calls('seed', 6, 'lost', 'slow', 'internal error'),
  registry,
)

/** Each trouble alone. */
export const troubles = {
  'webhooks are lost, doubled, late and overtaken': webhooks,
  'GitHub answers 500 and 502, slowly, or not at all after it has obeyed': gitHub(
    ...([5, 'server-error', 'cut', 'bad-gateway', 'slow'] as const),
  ),
  'GitHub limits us': gitHub(40, 'secondary-limit', 'too-many-requests'),
  'the token expires': token,
  'git has no answer to some calls': git(6),
  'calls of the hub go wrong': calls(
    ...(['hub', 4, 'lost', 'cut', 'slow', 'internal error', 'too many requests'] as const),
  ),
  'runs and the Lease have changed at a third of the writes': conflicts,
  'the hub is away again and again': hubAway,
  'watches are cut, and end with 410': together(cutWatches, expiredWatches),
  'the seed is away again and again': seedAway,
  'calls of the seed go wrong': calls(
    ...(['seed', 3, 'lost', 'cut', 'slow', 'internal error', 'conflict'] as const),
  ),
  'the registry answers half of the questions with an error': registry,
  'the clock steps ten minutes forth and back': steppingClock,
  'the disk is full again and again': fullDisk,
  'two bots take the Lease from one another': twoBots,
  'a bot is asked to end in the middle of an effect, and another goes on': terminated,
} as const satisfies Readonly<Record<string, () => Trouble>>
