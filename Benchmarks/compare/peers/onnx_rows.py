"""ONNX Runtime: the forward rows of convolutions."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from .convolutions import CASES, TRANSPOSED

_generator = np.random.default_rng(7)


def rows(threads, tuned):
    result = {f"conv-fwd/{name}": _convolution(case, threads) for name, case in CASES.items()}
    result[f"convT-fwd/{TRANSPOSED}"] = _session(
        "ConvTranspose", (32, 64, 14, 14), (64, 32, 2, 2), threads, strides=[2, 2])
    return result


def _convolution(case, threads):
    return _session(
        "Conv", case.input, case.weight, threads, strides=[case.stride] * 2,
        pads=[case.padding] * 4, dilations=[case.dilation] * 2, group=case.groups)


def _session(operator, input_shape, weight_shape, threads, **attributes):
    def make():
        weight = _generator.standard_normal(weight_shape).astype(np.float32)
        graph = helper.make_graph(
            [helper.make_node(operator, ["x", "w"], ["y"], **attributes)], "row",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "f", "h", "w"])],
            [helper.make_tensor("w", TensorProto.FLOAT, weight_shape, weight.flatten())])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        x = _generator.standard_normal(input_shape).astype(np.float32)
        return lambda: session.run(None, {"x": x})

    return make
