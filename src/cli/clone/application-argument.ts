import { isAbsolute, join } from 'node:path'

/** An application path, as an argument names it from the directory of `-C`; shown as the person would name it. */
export const applicationArgument = (from: string, argument: string): string =>
  isAbsolute(argument) ? argument : join(from, argument)
