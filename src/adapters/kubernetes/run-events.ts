import { CustomObjectsApi, type Configuration } from '@kubernetes/client-node'
import { z } from 'zod'
import { seedRunKind } from '../../core/run/seed-run-fields.ts'
import type { WriteRunEvent } from '../../operations/ports/run-event.ts'
import { fieldManager } from './configuration-of.ts'
import { writeError } from './seen-from.ts'

const found = z.looseObject({ metadata: z.looseObject({ uid: z.string() }) })

/** Kubernetes' own limits, in bytes (pkg/apis/core/validation/events.go). */
const [longestNote, longestInstance] = [1024, 128]

/** A text of at most so many bytes in UTF-8, with no character cut in half. */
const within = (text: string, most: number): string => {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  const begin = bytes.subarray(0, most - Buffer.byteLength('…'))
  // As if more were to come: what is incomplete at the end is left out.
  return `${new TextDecoder().decode(begin, { stream: true })}…`
}

/**
 * Writes Events about SeedRuns of a namespace (events.k8s.io/v1). `kubectl describe` finds them by the uid of the
 * object, so that is read first. They go by themselves after an hour.
 */
export const runEvents = (
  configuration: Configuration,
  { namespace, identity, now }: Readonly<{ namespace: string; identity: string; now: () => Date }>,
): WriteRunEvent => {
  const api = new CustomObjectsApi(configuration)
  const [group = '', version = ''] = seedRunKind.apiVersion.split('/')
  let written = 0
  return async (run, { type, reason, note }) => {
    const at = now()
    written += 1
    try {
      const { metadata } = found.parse(
        await api.getNamespacedCustomObject({
          ...{ group, version, namespace, plural: 'seedruns', name: run },
        }),
      )
      const regarding = { ...seedRunKind, namespace, name: run, uid: metadata.uid }
      await api.createNamespacedCustomObject({
        ...{ group: 'events.k8s.io', version: 'v1', namespace, plural: 'events', fieldManager },
        body: {
          ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', regarding, type, reason },
          metadata: { name: `${run}.${at.getTime().toString(16)}${written}`, namespace },
          // Microseconds, as Kubernetes writes them.
          eventTime: at.toISOString().replace('Z', '000Z'),
          reportingController: 'sower.dev/bot',
          reportingInstance: within(identity, longestInstance),
          action: reason,
          note: within(note, longestNote),
        },
      })
    } catch (error) {
      throw writeError(`writing an event about SeedRun ${namespace}/${run}`, error)
    }
  }
}
