import type { Check } from '../preflight/check.ts'
import { answer } from '../preflight/judge.ts'
import type { SeedImage } from '../seedgen/prove-image.ts'
import type { Value } from './value.ts'

/** The labels that the Lifecycle Agent put on a finished seed image. */
export type ImageLabels = Omit<SeedImage, 'digest'>

/** The format that the Lifecycle Agent takes (lifecycle-agent prep_handlers.go, validateSeedImageConfig). */
const known = '4'

/** Checks that targets can take the image at all. */
export const checkFormat = ({ format }: ImageLabels): Check =>
  answer('image.format', 'block', {
    ok: format === known,
    reason:
      format === null
        ? 'the image has no label seed_format_version: it is not a seed image'
        : `the format of the image is ${format}`,
    fix: `name the configuration of a seed image of format ${known}: the Lifecycle Agent takes no other`,
  })

/** The values of rows as the labels say them, by the names of the rows: an image does not change with its seed. */
export const labelledValues = (labels: ImageLabels): ReadonlyMap<string, Value> => {
  const { version = null, hasProxy = null, hasFips = null } = labels
  const onOff = (name: string, isOn: boolean | null): readonly (readonly [string, Value])[] =>
    isOn === null ? [] : [[name, [isOn ? 'on' : 'off']]]
  return new Map<string, Value>([
    ...(version === null ? [] : [['version', [version]] as const]),
    ...onOff('proxy', hasProxy),
    ...onOff('fips', hasFips),
  ])
}
