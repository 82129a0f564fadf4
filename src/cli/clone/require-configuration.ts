import type { Configuration } from '../../core/settings/configuration.ts'
import { InputError } from '../../errors.ts'
import type { Clone } from './clone.ts'

/** The sower.yaml of HEAD, as it is written there. Throws InputError CONFIGURATION_MISSING where none is committed. */
export const requireConfiguration = ({ config }: Pick<Clone, 'config'>): Configuration => {
  if (config !== null) return config
  throw new InputError('CONFIGURATION_MISSING', 'reading sower.yaml in HEAD: it is not there', {
    fix: 'name the directory that holds it with -C, and commit it',
  })
}
