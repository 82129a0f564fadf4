import { readRecordIfValid } from '../core/detach/read-record-at.ts'
import type { Configuration } from '../core/settings/configuration.ts'
import type { Checkout } from './ports/repository.ts'

/** The base branch as it is now, with the configuration that it holds. */
export type Base = Readonly<{ checkout: Checkout; config: Configuration }>

/**
 * The roots that listed a cluster before its detach, from the record on the base branch; all of them where
 * there is none that can be read, as after a human merged an edit of their own.
 */
export const rootsAt = ({ checkout, config }: Base, cluster: string): readonly string[] =>
  readRecordIfValid(checkout.tree, { directory: config.directory, cluster })?.detached?.roots ??
  config.roots
