import { parseImageReference, type ImageReference } from '../../../core/seedgen/image-reference.ts'
import { InputError, RefusedError } from '../../../errors.ts'

/** Reads the reference of --image. Throws InputError IMAGE_INVALID: an argument is wrong, and no check refuses. */
export const imageArgument = (text: string): ImageReference => {
  try {
    return parseImageReference(text)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { code, message, fix } = error
    throw new InputError(code, message, { ...(fix === undefined ? {} : { fix }), cause: error })
  }
}
