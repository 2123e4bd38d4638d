import type { AdapterDescription, Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Constants, Dims, Kernel } from "../device/kernel.ts";
import { GpuContext } from "./gpu-context.ts";
import { GpuReadbackRing } from "./gpu-readback-ring.ts";
import { GpuRecording } from "./gpu-recording.ts";
import { PipelineCache } from "./pipeline-cache.ts";
import { readBuffer } from "./readback.ts";

/** Computes with the shaders, through WebGPU. */
export class Gpu extends GpuContext implements Device {
  readonly pipelines: PipelineCache;

  constructor(webgpu: GPUDevice, adapter: AdapterDescription) {
    super(webgpu, adapter);
    this.pipelines = new PipelineCache(this);
  }

  compile(kernel: Kernel, constants: Constants, dims: Dims<string>): Promise<unknown> {
    return this.pipelines.compile(kernel, constants, dims);
  }

  async readyForMore(): Promise<void> {
    if (this.adapter.isSoftware) await this.finished();
  }

  read(buffer: DeviceBuffer, bytes = buffer.size, byteOffset = 0): Promise<ArrayBuffer> {
    return readBuffer(this, buffer as GPUBuffer, bytes, byteOffset);
  }

  createRecording(label: string): GpuRecording {
    return new GpuRecording(label, this, this.pipelines);
  }

  createReadbackRing(label: string, bytes: number, slots: number): GpuReadbackRing {
    return new GpuReadbackRing(this, label, bytes, slots);
  }
}
