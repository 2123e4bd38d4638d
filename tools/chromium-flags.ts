/**
 * What Chromium needs to offer WebGPU to our tests, beyond what Playwright passes by itself.
 *
 * The adapter is SwiftShader, a GPU in software, so that the numbers are the same on every machine.
 * NEXT_TOKEN_ADAPTER=hardware takes the machine's own GPU instead.
 */
export function chromiumFlags(): string[] {
  const hardware = process.env.NEXT_TOKEN_ADAPTER === "hardware";
  return [
    "--headless=new", // Playwright's plain --headless means the old one, without WebGPU, before Chromium 132
    "--enable-unsafe-webgpu",
    // Only the last --enable-features counts, and this one hides Playwright's: pass it where it is needed alone.
    hardware ? "--enable-features=Vulkan" : "--use-webgpu-adapter=swiftshader",
    // Tests lose the device on purpose. Without these, the next test would find no adapter for minutes.
    "--disable-gpu-process-crash-limit",
    "--disable-domain-blocking-for-3d-apis",
    "--disable-quic", // nothing here speaks it, and a closed network answers it with silence
  ];
}

/**
 * For tests of numbers: the shaders set their workgroup memory to zero themselves. SwiftShader compiles a store for every word
 * where Vulkan is asked to do it, most of a second for a kernel with tiles. The page and the benchmark go without, as visitors do.
 */
export const quickToCompile = "--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension";
