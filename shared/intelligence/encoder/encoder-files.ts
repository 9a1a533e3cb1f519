// Read by `load-encoder.ts` at the first call only. A module of its own: what is imported dynamically is enumerated by its bytes otherwise.
import program from "./multiply.bin";
import model from "./sentence-encoder.bin";

export { model, program };
