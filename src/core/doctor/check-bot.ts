import type { Check } from '../preflight/check.ts'
import { field, listAt, textAt } from '../preflight/field.ts'
import { checkOf, type Fault } from './check-of.ts'
import type { Installation } from './installation.ts'
import { isRounds, podOf } from './pod-of.ts'

/** Checks the kind SeedRun, the bot's Deployment with the files that it reads, and who acts. */
export const checkBot = (seen: Installation): readonly Check[] => {
  const { namespace } = seen
  return [
    checkOf({
      ...{ id: 'hub.definition', of: 'the definition of SeedRun', read: seen.definition },
      whenAbsent: {
        reason: 'the hub does not know the kind SeedRun',
        fix: 'apply manifests/crd',
      },
      judge: definition =>
        listAt(definition, 'spec', 'versions').some(
          version => textAt(version, 'name') === 'v1alpha1' && field(version, 'served') === true,
        )
          ? null
          : {
              reason: 'the hub does not serve v1alpha1 of SeedRun',
              fix: 'apply manifests/crd of the version of the bot',
            },
    }),
    checkOf({
      ...{ id: 'bot.deployment', of: `Deployment ${namespace}/sower`, read: seen.workload },
      whenAbsent: {
        reason: `there is no Deployment ${namespace}/sower, and no CronJob either`,
        fix: 'apply your overlay, or name its namespace with --namespace',
      },
      judge: workload => {
        if (isRounds(workload)) return roundsFault(workload, seen)
        return Number(field(workload, 'status', 'availableReplicas') ?? 0) > 0
          ? null
          : {
              reason: 'no pod of the bot is available',
              fix: `oc -n ${namespace} describe pods -l app.kubernetes.io/name=sower`,
            }
      },
    }),
    checkOf({
      ...{ id: 'bot.files', of: 'the files that the bot reads', read: seen.workload },
      whenAbsent: { reason: 'no bot is installed to read its settings', fix: 'apply your overlay' },
      judge: workload => fileFault(workload, seen),
    }),
    checkOf({
      ...{ id: 'bot.acts', of: `Lease ${namespace}/sower`, read: seen.lease },
      whenAbsent: {
        reason: 'no bot has ever acted',
        fix: `oc -n ${namespace} logs deployment/sower`,
      },
      judge: lease => leaseFault(lease, seen),
    }),
  ]
}

/** A holder renews every five seconds (src/bot/start-bot.ts); two minutes leave room for a hub that is slow. */
const longestSilence = 120_000
const largestDrift = 30_000

/** A round ends after half an hour at the latest (manifests/components/once). */
const longestRound = 1_800_000

const roundsFault = (cronJob: unknown, { namespace }: Installation): Fault | null => {
  const fix = `oc -n ${namespace} get jobs, and the log of the last one`
  if (field(cronJob, 'spec', 'suspend') === true)
    return { reason: 'the CronJob is suspended', fix: 'set its `suspend` to false' }
  const ended = Date.parse(textAt(cronJob, 'status', 'lastSuccessfulTime'))
  if (Number.isNaN(ended)) return { reason: 'no round of the bot has ended well', fix }
  return Date.parse(textAt(cronJob, 'status', 'lastScheduleTime')) - ended > longestRound
    ? { reason: 'no round of the bot has ended well for half an hour', fix }
    : null
}

const leaseFault = (lease: unknown, { now, namespace, workload }: Installation): Fault | null => {
  const renewed = Date.parse(textAt(lease, 'spec', 'renewTime'))
  if (renewed > now + largestDrift)
    return {
      reason: 'the clock of the hub is ahead of that of this machine by more than 30 seconds',
      fix: 'set both by NTP: run times, certificates and tokens depend on them',
    }
  // Between two rounds nobody holds it.
  if (workload.seen === 'present' && isRounds(workload.value)) return null
  return textAt(lease, 'spec', 'holderIdentity') !== '' && now - renewed < longestSilence
    ? null
    : {
        reason: 'no bot acts: the Lease was last renewed more than two minutes ago',
        fix: `oc -n ${namespace} logs deployment/sower`,
      }
}

/** The first file of a `SOWER_…_FILE` variable that no key of a mounted Secret is. */
const fileFault = (workload: unknown, { secrets }: Installation): Fault | null => {
  const pod = podOf(workload)
  const [container] = listAt(pod, 'containers')
  const volumes = listAt(pod, 'volumes')
  for (const variable of listAt(container, 'env')) {
    const [name, file] = [textAt(variable, 'name'), textAt(variable, 'value')]
    if (!name.endsWith('_FILE') || file === '') continue
    const mount = listAt(container, 'volumeMounts').find(mount =>
      file.startsWith(`${textAt(mount, 'mountPath')}/`),
    )
    const volume = volumes.find(volume => textAt(volume, 'name') === textAt(mount, 'name'))
    if (mount === undefined || volume === undefined)
      return {
        reason: `${name} names ${file}, where nothing is mounted`,
        fix: 'mount the Secret there, or name the file that is mounted',
      }
    const secret = textAt(volume, 'secret', 'secretName')
    const keys = secrets.get(secret)
    const key = file.slice(textAt(mount, 'mountPath').length + 1)
    if (keys?.seen === 'absent')
      return { reason: `there is no Secret ${secret}`, fix: `create it, with the key ${key}` }
    if (keys?.seen === 'present' && !keys.value.includes(key))
      return { reason: `the Secret ${secret} has no key ${key}`, fix: `add the key ${key} to it` }
  }
  return null
}
